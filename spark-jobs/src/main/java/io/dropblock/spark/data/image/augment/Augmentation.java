package io.dropblock.spark.data.image.augment;

import io.dropblock.spark.data.image.Image;
import io.dropblock.spark.data.image.ImageTransform;
import io.dropblock.spark.data.image.LayeredTransform;
import io.dropblock.spark.data.image.Normalization;
import java.nio.FloatBuffer;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * A policy of operations on the square of another transform, cut to whole values in [0, 255],
 * before normalisation. Padding of the other transform keeps the mean colour, to a whole value.
 *
 * @param inner what is done before
 * @param policy what is done
 */
public record Augmentation(ImageTransform inner, AugmentPolicy policy) implements LayeredTransform {
  /** Checks that both are there. */
  public Augmentation {
    Objects.requireNonNull(inner, "inner is null");
    Objects.requireNonNull(policy, "policy is null");
  }

  @Override
  public Normalization innerNormalization(Normalization normalization) {
    return normalization.centred();
  }

  @Override
  public void alter(
      RandomGenerator random, Normalization normalization, FloatBuffer out, int offset) {
    Image augmented = policy.apply(image(normalization.centred(), out, offset), random);
    float[] plane = new float[size() * size()];
    for (int channel = 0; channel < 3; channel++) {
      float mean = normalization.mean().get(channel);
      float scale = 1 / normalization.std().get(channel);
      for (int i = 0; i < plane.length; i++) {
        int value = augmented.rgb()[3 * i + channel] & 0xFF;
        plane[i] = (value - mean) * scale;
      }
      out.put(offset + channel * plane.length, plane);
    }
  }

  /** Cut to [0, 255], and fractions off, as TensorFlow casts. */
  private Image image(Normalization centred, FloatBuffer out, int offset) {
    float[] plane = new float[size() * size()];
    byte[] rgb = new byte[3 * plane.length];
    for (int channel = 0; channel < 3; channel++) {
      float mean = centred.mean().get(channel);
      out.get(offset + channel * plane.length, plane);
      for (int i = 0; i < plane.length; i++) {
        float value = plane[i] + mean;
        rgb[3 * i + channel] = (byte) (int) Math.max(0, Math.min(255, value));
      }
    }
    return new Image(size(), size(), rgb);
  }
}
