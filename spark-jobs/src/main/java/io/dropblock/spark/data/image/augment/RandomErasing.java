package io.dropblock.spark.data.image.augment;

import io.dropblock.spark.data.image.ImageTransform;
import io.dropblock.spark.data.image.LayeredTransform;
import io.dropblock.spark.data.image.Normalization;
import java.nio.FloatBuffer;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * Random erasing (Zhong et al. 2017) behind another transform, as torchvision's {@code
 * RandomErasing} has it: with a probability, a rectangle of a share of the square uniform in [0.02,
 * 0.33], whose height by width is log-uniform in [0.3, 3.3], at a uniform place, becomes 0 behind
 * normalisation, that is, the mean colour. A rectangle that is not smaller than the square in both
 * directions is drawn again, up to 10 times; then nothing is erased. Random numbers are drawn in
 * the order whether, then for each attempt share and ratio, then y and x.
 *
 * @param inner what is done before
 * @param probability above 0 and at most 1
 */
public record RandomErasing(ImageTransform inner, double probability) implements LayeredTransform {
  private static final int ATTEMPTS = 10;
  private static final double MIN_SHARE = 0.02;
  private static final double MAX_SHARE = 0.33;
  // StrictMath: the same on every machine.
  private static final double MIN_LOG_RATIO = StrictMath.log(0.3);
  private static final double MAX_LOG_RATIO = StrictMath.log(3.3);

  /** Checks the range. */
  public RandomErasing {
    Objects.requireNonNull(inner, "inner is null");
    if (!(probability > 0 && probability <= 1)) {
      throw new IllegalArgumentException(
          "Invalid random erasing: probability " + probability + " is not above 0 and at most 1");
    }
  }

  @Override
  public void alter(
      RandomGenerator random, Normalization normalization, FloatBuffer out, int offset) {
    if (random.nextDouble() >= probability) {
      return;
    }
    int size = size();
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      double area = uniform(random, MIN_SHARE, MAX_SHARE) * size * size;
      double ratio = StrictMath.exp(uniform(random, MIN_LOG_RATIO, MAX_LOG_RATIO));
      int height = (int) Math.rint(Math.sqrt(area * ratio));
      int width = (int) Math.rint(Math.sqrt(area / ratio));
      if (height < size && width < size) {
        int y = random.nextInt(size - height + 1);
        int x = random.nextInt(size - width + 1);
        erase(out, offset + y * size + x, height, width);
        return;
      }
    }
  }

  private void erase(FloatBuffer out, int first, int height, int width) {
    float[] line = new float[width];
    for (int channel = 0; channel < 3; channel++) {
      for (int row = 0; row < height; row++) {
        out.put(first + (channel * size() + row) * size(), line);
      }
    }
  }

  private static double uniform(RandomGenerator random, double from, double to) {
    return from + random.nextDouble() * (to - from);
  }
}
