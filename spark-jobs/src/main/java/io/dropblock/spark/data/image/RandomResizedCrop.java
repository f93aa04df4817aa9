package io.dropblock.spark.data.image;

import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * The training crop of the paper's code: TensorFlow's {@code sample_distorted_bounding_box} with
 * the whole image as its box. An aspect ratio (width / height) is uniform in [3/4, 4/3], then a
 * height is uniform among those that keep the area in [0.08, 1] of the image and the width inside
 * it, then the place is uniform. A crop must cover a tenth of the image ({@code
 * min_object_covered}). After 10 failures, or where the crop is the whole image, the crop is that
 * of {@link CentreCrop}.
 *
 * <p>Differs from TensorFlow: places reach the last row and column, which TensorFlow's never do.
 * Random numbers are drawn in the order (aspect, height, y, x) per attempt, mirror.
 *
 * @param size side of the result, 1 to 4096; the aspect ratio is not kept
 * @param flip whether to mirror left to right with probability 1/2
 * @param resampling how the rectangle is scaled; the paper's code is {@link Resampling#BICUBIC}
 * @param scaledDecoding whether large crops of a JPEG are decoded at a half to an eighth of their
 *     size, which is faster and not what the paper's code does; see {@link ResizedCrop}
 */
public record RandomResizedCrop(
    int size, boolean flip, Resampling resampling, boolean scaledDecoding) implements ResizedCrop {
  private static final int ATTEMPTS = 10;
  private static final double MIN_AREA = 0.08;
  private static final double MIN_COVERED = 0.1;
  private static final double MIN_ASPECT = 3.0 / 4;
  private static final double MAX_ASPECT = 4.0 / 3;

  /** Checks the range. */
  public RandomResizedCrop {
    ImageTransform.requireSize(size);
    Objects.requireNonNull(resampling, "resampling is null");
  }

  /** Decoded at full size. */
  public RandomResizedCrop(int size, boolean flip, Resampling resampling) {
    this(size, flip, resampling, false);
  }

  /** As the paper's code decodes and scales. */
  public RandomResizedCrop(int size, boolean flip) {
    this(size, flip, Resampling.BICUBIC);
  }

  @Override
  public Crop draw(int width, int height, RandomGenerator random) {
    Region region = region(width, height, random);
    return new Crop(region, flip && random.nextBoolean());
  }

  private Region region(int width, int height, RandomGenerator random) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      double aspect = MIN_ASPECT + random.nextDouble() * (MAX_ASPECT - MIN_ASPECT);
      Region region = attempt(width, height, aspect, random);
      if (region != null) {
        boolean whole = region.width() == width && region.height() == height;
        return whole ? CentreCrop.region(size, width, height) : region;
      }
    }
    return CentreCrop.region(size, width, height);
  }

  /** One attempt; null where its rounded size breaks a rule. */
  private static Region attempt(
      int imageWidth, int imageHeight, double aspect, RandomGenerator random) {
    double whole = (double) imageWidth * imageHeight;
    int lowest = round(Math.sqrt(MIN_AREA * whole / aspect));
    int highest = round(Math.sqrt(whole / aspect));
    if (round(highest * aspect) > imageWidth) {
      highest = (int) ((imageWidth + 0.5 - 1e-7) / aspect);
      highest -= round(highest * aspect) > imageWidth ? 1 : 0;
    }
    highest = Math.min(highest, imageHeight);
    int height = lowest < highest ? lowest + random.nextInt(highest - lowest + 1) : highest;
    int width = round(height * aspect);
    // As TensorFlow does: one pixel up or down where rounding alone broke the area's range.
    if ((double) width * height < MIN_AREA * whole) {
      height++;
      width = round(height * aspect);
    }
    if ((double) width * height > whole) {
      height--;
      width = round(height * aspect);
    }
    boolean fits = width > 0 && height > 0 && width <= imageWidth && height <= imageHeight;
    if (!fits || (double) width * height < Math.max(MIN_AREA, MIN_COVERED) * whole) {
      return null;
    }
    int y = random.nextInt(imageHeight - height + 1);
    int x = random.nextInt(imageWidth - width + 1);
    return new Region(x, y, width, height);
  }

  private static int round(double value) {
    return (int) Math.rint(value);
  }
}
