package io.dropblock.op;

import java.util.Locale;

/**
 * The shape of DropBlock on one feature map: the map, the block clipped to it, and the grid of
 * block starts.
 *
 * <p>A block may start (upper left corner) at every position from which it lies wholly inside the
 * map: {@code startRows x startColumns = (height - blockHeight + 1) x (width - blockWidth + 1)}.
 * This is the "valid seed region" of the paper's section 3 (Figure 2), named by its corner and not
 * its centre, so that even block sizes need no special case.
 *
 * <p>Two differences from {@code tensorflow/tpu: models/official/resnet/resnet_model.py}, which
 * takes square maps only: height and width are separate, and so are the sides of the block.
 *
 * @param height map height in pixels, at least 1
 * @param width map width in pixels, at least 1
 * @param blockHeight rows of a block, 1 to {@code height}
 * @param blockWidth columns of a block, 1 to {@code width}
 */
public record BlockGeometry(int height, int width, int blockHeight, int blockWidth) {
  /** Enough for an error far below the 2^-32 to which probabilities are tabled. */
  private static final int HALVINGS = 60;

  /**
   * @throws IllegalArgumentException if a side is below 1 or the block is larger than the map
   */
  public BlockGeometry {
    if (height < 1 || width < 1) {
      throw new IllegalArgumentException("Invalid feature map: " + height + " x " + width);
    }
    if (blockHeight < 1 || blockWidth < 1 || blockHeight > height || blockWidth > width) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Invalid block size: %d x %d on a %d x %d map",
              blockHeight,
              blockWidth,
              height,
              width));
    }
  }

  /**
   * The geometry of blocks of a nominal size, clipped where they are larger than the map. A square
   * stays a square, of side {@code min(block, height, width)} as in the reference; the sides of a
   * rectangle are clipped one by one.
   *
   * @param blockHeight nominal rows of a block, at least 1
   * @param blockWidth nominal columns of a block, at least 1
   * @throws IllegalArgumentException if a side is below 1
   */
  public static BlockGeometry clipped(int height, int width, int blockHeight, int blockWidth) {
    if (blockHeight == blockWidth) {
      int side = Math.min(blockHeight, Math.min(height, width));
      return new BlockGeometry(height, width, side, side);
    }
    return new BlockGeometry(
        height, width, Math.min(blockHeight, height), Math.min(blockWidth, width));
  }

  /** Rows of the grid of block starts. */
  public int startRows() {
    return height - blockHeight + 1;
  }

  /** Columns of the grid of block starts. */
  public int startColumns() {
    return width - blockWidth + 1;
  }

  /** Positions at which a block may start. */
  public int starts() {
    return startRows() * startColumns();
  }

  /** Pixels of one map. */
  public int pixels() {
    return height * width;
  }

  /**
   * The seed drop rate: the probability with which a block starts at one position of the grid,
   * {@code gamma = (1 - keepProbability) * H * W / (bh * bw * startRows * startColumns)} (paper,
   * equation 1). It lies between 0 and {@code 1 - keepProbability}.
   *
   * @param keepProbability the paper's nominal keep probability, 0 to 1
   * @throws IllegalArgumentException if it is outside [0, 1] or not a number
   */
  public double gamma(double keepProbability) {
    requireProbability(keepProbability);
    double blockPixels = (double) blockHeight * blockWidth;
    return (1 - keepProbability) * pixels() / (blockPixels * starts());
  }

  /**
   * The exact expected share of kept pixels, between 0 and 1. It exceeds the nominal keep
   * probability where blocks can overlap: 0.907 for 14 x 14, block 7, keep probability 0.9.
   *
   * <p>A pixel is kept if none of the {@code n} starts whose block covers it is drawn: {@code (1 -
   * gamma)^n}, averaged over the map.
   *
   * @param keepProbability the paper's nominal keep probability, 0 to 1
   */
  public double expectedKeep(double keepProbability) {
    return keepAt(gamma(keepProbability));
  }

  /**
   * The seed drop rate at which the expected share of kept pixels is the keep probability itself:
   * {@link #gamma} where blocks cannot overlap, more than that elsewhere. The paper's equation 1
   * leaves the overlap out.
   *
   * <p>Found by bisection, as the expected share falls from 1 at rate 0 to 0 at rate 1. Only
   * additions, multiplications and halvings: the same on every machine.
   *
   * @param keepProbability the expected share of kept pixels, 0 to 1
   * @throws IllegalArgumentException if it is outside [0, 1] or not a number
   */
  public double exactGamma(double keepProbability) {
    requireProbability(keepProbability);
    if (keepProbability == 1) {
      return 0;
    }
    double low = 0;
    double high = 1;
    for (int halving = 0; halving < HALVINGS; halving++) {
      double middle = (low + high) / 2;
      if (keepAt(middle) > keepProbability) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return high;
  }

  /** The mean of {@code (1 - gamma)^n} over the map, pixels of equal n taken together. */
  private double keepAt(double gamma) {
    int[] rows = coverings(height, blockHeight);
    int[] columns = coverings(width, blockWidth);
    double sum = 0;
    double rowPower = 1;
    for (int n = 1; n < rows.length; n++) {
      rowPower *= 1 - gamma;
      double power = 1;
      for (int m = 1; m < columns.length; m++) {
        power *= rowPower;
        sum += (double) rows[n] * columns[m] * power;
      }
    }
    return sum / pixels();
  }

  /** Element n: how many positions of a side are covered from n starts. */
  private static int[] coverings(int side, int block) {
    int[] positions = new int[block + 1];
    for (int position = 0; position < side; position++) {
      positions[covering(position, side, block)]++;
    }
    return positions;
  }

  /** The number of block starts whose block covers a pixel. */
  int coveringStarts(int row, int column) {
    return covering(row, height, blockHeight) * covering(column, width, blockWidth);
  }

  private static int covering(int position, int side, int block) {
    return Math.min(position, side - block) - Math.max(0, position - block + 1) + 1;
  }

  /** Returns the probability, or refuses what is none. */
  public static double requireProbability(double keepProbability) {
    if (!(keepProbability >= 0 && keepProbability <= 1)) {
      throw new IllegalArgumentException(
          "Invalid keep probability: " + keepProbability + ", must be between 0 and 1");
    }
    return keepProbability;
  }
}
