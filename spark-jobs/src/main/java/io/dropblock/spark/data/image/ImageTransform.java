package io.dropblock.spark.data.image;

import java.io.Serializable;
import java.nio.FloatBuffer;
import java.util.random.RandomGenerator;

/**
 * Turns an image of any size into a square one of floats. Pure: the same image and the same random
 * numbers give the same floats. Plain data, so a task can be sent one.
 */
public sealed interface ImageTransform extends Serializable
    permits PadCrop, ResizedCrop, LayeredTransform {
  /** Side of the result, in pixels. */
  int size();

  /**
   * Writes the result as 3 planes of {@code size * size}, rows from the top, red first (CHW).
   *
   * @param random consumed as far as the transform needs it, always in the same order
   * @param out receives {@code 3 * size * size} floats from index {@code offset} on, whatever its
   *     position; outside the heap and in the machine's byte order as a feed's is, or an array's
   * @throws IllegalArgumentException where this transform takes no image of that size
   */
  void apply(
      Image image,
      RandomGenerator random,
      Normalization normalization,
      FloatBuffer out,
      int offset);

  /**
   * Decodes an image and writes the result, decoding no more than needed where that is possible. It
   * is what {@link #apply} makes of {@link ImageDecoder#decode}, bit for bit, but where a transform
   * says {@link ResizedCrop#scaledDecoding}. Damage behind a crop may go unseen.
   *
   * @param encoded a JPEG or PNG
   * @throws BrokenImageException as {@link ImageDecoder#decode} does
   * @throws IllegalArgumentException where this transform takes no image of that size
   */
  default void decodeAndApply(
      byte[] encoded,
      RandomGenerator random,
      Normalization normalization,
      FloatBuffer out,
      int offset)
      throws BrokenImageException {
    apply(ImageDecoder.decode(encoded), random, normalization, out, offset);
  }

  /** Checks a side. */
  static void requireSize(int size) {
    if (size < 1 || size > 4096) {
      throw new IllegalArgumentException("Invalid size: " + size + " is not in 1 to 4096");
    }
  }
}
