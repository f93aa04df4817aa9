package io.dropblock.spark.data.image;

import java.nio.FloatBuffer;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * AutoAugment's policy for ImageNet (Cubuk et al. 2019; TPU {@code efficientnet/autoaugment.py},
 * {@code v0}) behind another transform, on its square cut to whole values in [0, 255], before
 * normalisation. One of 25 pairs of operations is done, each operation with its own probability;
 * what comes from outside the square is grey, 128. Translations are in pixels, as in that code: a
 * square of 225 or less may be all grey.
 *
 * <p>Differs from that code: padding of the other transform keeps the mean colour, to a whole
 * value. Random numbers are drawn in the order of the other transform, pair, first operation,
 * second; for each whether, and the sign where it is done and has one.
 *
 * @param inner what is done before
 */
public record AutoAugment(ImageTransform inner) implements ImageTransform {
  /** Checks that it is there. */
  public AutoAugment {
    Objects.requireNonNull(inner, "inner is null");
  }

  @Override
  public int size() {
    return inner.size();
  }

  @Override
  public void apply(
      Image image,
      RandomGenerator random,
      Normalization normalization,
      FloatBuffer out,
      int offset) {
    Normalization centred = normalization.centred();
    inner.apply(image, random, centred, out, offset);
    augment(random, centred, normalization, out, offset);
  }

  @Override
  public void decodeAndApply(
      byte[] encoded,
      RandomGenerator random,
      Normalization normalization,
      FloatBuffer out,
      int offset)
      throws BrokenImageException {
    Normalization centred = normalization.centred();
    inner.decodeAndApply(encoded, random, centred, out, offset);
    augment(random, centred, normalization, out, offset);
  }

  private void augment(
      RandomGenerator random,
      Normalization centred,
      Normalization normalization,
      FloatBuffer out,
      int offset) {
    Image augmented = AugmentPolicy.V0.apply(image(centred, out, offset), random);
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
