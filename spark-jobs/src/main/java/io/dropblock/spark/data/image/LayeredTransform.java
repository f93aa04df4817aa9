package io.dropblock.spark.data.image;

import java.nio.FloatBuffer;
import java.util.random.RandomGenerator;

/**
 * A transform that changes the square which another one has written, before or behind
 * normalisation. Random numbers are drawn in the order of the other transform, then its own.
 */
public non-sealed interface LayeredTransform extends ImageTransform {
  /** What is done before. */
  ImageTransform inner();

  /** By what the other transform normalises the square that {@link #alter} gets. */
  default Normalization innerNormalization(Normalization normalization) {
    return normalization;
  }

  /**
   * Changes the square in place.
   *
   * @param normalization of the result
   * @param out 3 planes from {@code offset} on, normalised by {@link #innerNormalization}
   */
  void alter(RandomGenerator random, Normalization normalization, FloatBuffer out, int offset);

  @Override
  default int size() {
    return inner().size();
  }

  @Override
  default void apply(
      Image image,
      RandomGenerator random,
      Normalization normalization,
      FloatBuffer out,
      int offset) {
    inner().apply(image, random, innerNormalization(normalization), out, offset);
    alter(random, normalization, out, offset);
  }

  @Override
  default void decodeAndApply(
      byte[] encoded,
      RandomGenerator random,
      Normalization normalization,
      FloatBuffer out,
      int offset)
      throws BrokenImageException {
    inner().decodeAndApply(encoded, random, innerNormalization(normalization), out, offset);
    alter(random, normalization, out, offset);
  }
}
