package io.dropblock.spark.data.image.augment;

import io.dropblock.spark.data.image.ImageTransform;
import io.dropblock.spark.data.image.LayeredTransform;
import io.dropblock.spark.data.image.Normalization;
import java.nio.FloatBuffer;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * Another brightness and other colours for the whole square, as {@code distort_color_fast} of
 * {@code tensorflow/tpu: models/official/amoeba_net/inception_preprocessing.py} has it: all values
 * move by up to 32 of 255, those of Cb and Cr by up to a tenth of 255, and what leaves [0, 255] is
 * cut. That code counts in [0, 1] and scales to [-1, 1] behind it, which a normalisation by 127.5
 * and 127.5 does. Random numbers are drawn in the order brightness, Cb, Cr.
 *
 * @param inner what is done before
 */
public record ColorDistortion(ImageTransform inner) implements LayeredTransform {
  private static final double BRIGHTNESS = 32;
  private static final double CHROMA = 0.1 * 255;

  /** Checks that it is there. */
  public ColorDistortion {
    Objects.requireNonNull(inner, "inner is null");
  }

  @Override
  public Normalization innerNormalization(Normalization normalization) {
    return Normalization.NONE;
  }

  @Override
  public void alter(
      RandomGenerator random, Normalization normalization, FloatBuffer out, int offset) {
    double brightness = uniform(random, BRIGHTNESS);
    double cb = uniform(random, CHROMA);
    double cr = uniform(random, CHROMA);
    double[] shifts = {
      brightness + 1.402 * cr, brightness - 0.344136 * cb - 0.714136 * cr, brightness + 1.772 * cb
    };
    float[] plane = new float[size() * size()];
    for (int channel = 0; channel < 3; channel++) {
      float shift = (float) shifts[channel];
      float mean = normalization.mean().get(channel);
      float scale = 1 / normalization.std().get(channel);
      out.get(offset + channel * plane.length, plane);
      for (int i = 0; i < plane.length; i++) {
        float value = Math.max(0, Math.min(255, plane[i] + shift));
        plane[i] = (value - mean) * scale;
      }
      out.put(offset + channel * plane.length, plane);
    }
  }

  private static double uniform(RandomGenerator random, double most) {
    return (2 * random.nextDouble() - 1) * most;
  }
}
