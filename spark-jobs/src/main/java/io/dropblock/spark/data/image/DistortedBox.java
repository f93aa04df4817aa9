package io.dropblock.spark.data.image;

import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * TensorFlow's {@code sample_distorted_bounding_box} with the whole image as its box. An aspect
 * ratio (width / height) is uniform in [3/4, 4/3], then a height is uniform among those that keep
 * the area in [{@code minArea}, 1] of the image and the width inside it, then the place is uniform.
 * A rectangle must cover a tenth of the image ({@code min_object_covered}).
 *
 * <p>Differs from TensorFlow: places reach the last row and column, which TensorFlow's never do.
 * Random numbers are drawn in the order (aspect, height, y, x) per attempt.
 *
 * @param minArea share of the image, above 0 and at most 1
 * @param attempts 1 or more
 */
record DistortedBox(double minArea, int attempts) {
  private static final double MIN_COVERED = 0.1;
  private static final double MIN_ASPECT = 3.0 / 4;
  private static final double MAX_ASPECT = 4.0 / 3;

  /** Draws a rectangle; empty where no attempt kept the rules. */
  Optional<Region> draw(int width, int height, RandomGenerator random) {
    for (int attempt = 0; attempt < attempts; attempt++) {
      double aspect = MIN_ASPECT + random.nextDouble() * (MAX_ASPECT - MIN_ASPECT);
      Region region = attempt(width, height, aspect, random);
      if (region != null) {
        return Optional.of(region);
      }
    }
    return Optional.empty();
  }

  /** One attempt; null where its rounded size breaks a rule. */
  private Region attempt(int imageWidth, int imageHeight, double aspect, RandomGenerator random) {
    double whole = (double) imageWidth * imageHeight;
    int lowest = round(Math.sqrt(minArea * whole / aspect));
    int highest = round(Math.sqrt(whole / aspect));
    if (round(highest * aspect) > imageWidth) {
      highest = (int) ((imageWidth + 0.5 - 1e-7) / aspect);
      highest -= round(highest * aspect) > imageWidth ? 1 : 0;
    }
    highest = Math.min(highest, imageHeight);
    int height = lowest < highest ? lowest + random.nextInt(highest - lowest + 1) : highest;
    int width = round(height * aspect);
    // As TensorFlow does: one pixel up or down where rounding alone broke the area's range.
    if ((double) width * height < minArea * whole) {
      height++;
      width = round(height * aspect);
    }
    if ((double) width * height > whole) {
      height--;
      width = round(height * aspect);
    }
    boolean fits = width > 0 && height > 0 && width <= imageWidth && height <= imageHeight;
    if (!fits || (double) width * height < Math.max(minArea, MIN_COVERED) * whole) {
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
