package io.dropblock.spark.data.image.augment;

import io.dropblock.spark.data.image.ImageTransform;
import io.dropblock.spark.data.image.LayeredTransform;
import io.dropblock.spark.data.image.Normalization;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * Cutout (DeVries, Taylor 2017) behind another transform, as the TPU code's {@code
 * autoaugment.cutout} has it: a square of {@code 2 * pad} pixels whose centre is uniform over the
 * image, cut off at its borders, gets one grey. Random numbers are drawn in the order of the other
 * transform, y, x. The DropBlock paper does not give the size for its row.
 *
 * @param inner what is done before
 * @param pad half the side of the square, 1 to the size
 * @param grey of the square before normalisation, 0 to 255; 128 in that code
 */
public record Cutout(ImageTransform inner, int pad, int grey) implements LayeredTransform {
  /** Checks the ranges. */
  public Cutout {
    Objects.requireNonNull(inner, "inner is null");
    if (pad < 1 || pad > inner.size() || grey < 0 || grey > 255) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Invalid cutout: pad %d is not in 1 to %d, or grey %d not in 0 to 255",
              pad,
              inner.size(),
              grey));
    }
  }

  @Override
  public void alter(
      RandomGenerator random, Normalization normalization, FloatBuffer out, int offset) {
    int size = size();
    int y = random.nextInt(size);
    int x = random.nextInt(size);
    int left = Math.max(x - pad, 0);
    int right = Math.min(x + pad, size);
    float[] line = new float[right - left];
    for (int channel = 0; channel < 3; channel++) {
      Arrays.fill(line, normalization.apply(grey, channel));
      for (int row = Math.max(y - pad, 0); row < Math.min(y + pad, size); row++) {
        out.put(offset + (channel * size + row) * size + left, line);
      }
    }
  }
}
