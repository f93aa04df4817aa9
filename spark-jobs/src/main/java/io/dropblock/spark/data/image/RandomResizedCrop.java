package io.dropblock.spark.data.image;

import java.util.random.RandomGenerator;

/**
 * The training crop of the paper's code: TensorFlow's {@code sample_distorted_bounding_box} with
 * the whole image as its box. An aspect ratio (width / height) is uniform in [3/4, 4/3], then a
 * height is uniform among those that keep the area in [0.08, 1] of the image and the width inside
 * it, then the place is uniform. A crop must cover a tenth of the image ({@code
 * min_object_covered}). After 10 failures, or where the crop is the whole image, the crop is that
 * of {@link CentreCrop}.
 *
 * <p>Differs from TensorFlow: places reach the last row and column, which TensorFlow's never do;
 * scales bilinearly for now where that code scales bicubically. Random numbers are drawn in the
 * order (aspect, height, y, x) per attempt, mirror.
 *
 * @param size side of the result, 1 to 4096; the aspect ratio is not kept
 * @param flip whether to mirror left to right with probability 1/2
 */
public record RandomResizedCrop(int size, boolean flip) implements ImageTransform {
  private static final int ATTEMPTS = 10;
  private static final double MIN_AREA = 0.08;
  private static final double MIN_COVERED = 0.1;
  private static final double MIN_ASPECT = 3.0 / 4;
  private static final double MAX_ASPECT = 4.0 / 3;

  /** Checks the range. */
  public RandomResizedCrop {
    ImageTransform.requireSize(size);
  }

  @Override
  public void apply(
      Image image, RandomGenerator random, Normalization normalization, float[] out, int offset) {
    Region region = region(image, random);
    boolean mirror = flip && random.nextBoolean();
    new Bilinear(size, normalization).resize(image, region, mirror, out, offset);
  }

  /** The rectangle that is cut out. */
  Region region(Image image, RandomGenerator random) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      double aspect = MIN_ASPECT + random.nextDouble() * (MAX_ASPECT - MIN_ASPECT);
      Region region = attempt(image, aspect, random);
      if (region != null) {
        return region.covers(image) ? new CentreCrop(size).region(image) : region;
      }
    }
    return new CentreCrop(size).region(image);
  }

  /** One attempt; null where its rounded size breaks a rule. */
  private static Region attempt(Image image, double aspect, RandomGenerator random) {
    double whole = (double) image.width() * image.height();
    int lowest = round(Math.sqrt(MIN_AREA * whole / aspect));
    int highest = round(Math.sqrt(whole / aspect));
    if (round(highest * aspect) > image.width()) {
      highest = (int) ((image.width() + 0.5 - 1e-7) / aspect);
      highest -= round(highest * aspect) > image.width() ? 1 : 0;
    }
    highest = Math.min(highest, image.height());
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
    boolean fits = width > 0 && height > 0 && width <= image.width() && height <= image.height();
    if (!fits || (double) width * height < Math.max(MIN_AREA, MIN_COVERED) * whole) {
      return null;
    }
    int y = random.nextInt(image.height() - height + 1);
    int x = random.nextInt(image.width() - width + 1);
    return new Region(x, y, width, height);
  }

  private static int round(double value) {
    return (int) Math.rint(value);
  }
}
