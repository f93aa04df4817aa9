package io.dropblock.spark.data.image;

import java.nio.FloatBuffer;
import java.util.random.RandomGenerator;

/**
 * A transform that cuts a rectangle out and scales it. Which one depends on the image's size only,
 * so the rest of the image need not be decoded.
 */
sealed interface ResizedCrop extends ImageTransform
    permits RandomResizedCrop, CentreCrop, InceptionCrop, CentralFraction {
  /** How the rectangle is scaled. */
  Resampling resampling();

  /**
   * Whether a JPEG's rectangle of {@code 2, 4 or 8 * size} pixels or more in both directions may be
   * decoded at a half, a quarter or an eighth of its size: means of that many pixels square in
   * place of the pixels. A decoder that cannot, and PNGs, are decoded at full size.
   */
  boolean scaledDecoding();

  /** Draws the rectangle for an image of this size, pixels. */
  Crop draw(int width, int height, RandomGenerator random);

  @Override
  default void apply(
      Image image,
      RandomGenerator random,
      Normalization normalization,
      FloatBuffer out,
      int offset) {
    Crop crop = draw(image.width(), image.height(), random);
    new Resampler(size(), resampling(), normalization).resize(image, crop, out, offset);
  }

  @Override
  default void decodeAndApply(
      byte[] encoded,
      RandomGenerator random,
      Normalization normalization,
      FloatBuffer out,
      int offset)
      throws BrokenImageException {
    if (!JpegHeader.isAtStartOf(encoded) || NativeJpeg.problem() != null) {
      apply(ImageDecoder.decode(encoded), random, normalization, out, offset);
      return;
    }
    JpegHeader header = JpegHeader.of(encoded);
    Crop crop = draw(header.width(), header.height(), random);
    Resampler resampler = new Resampler(size(), resampling(), normalization);
    int denominator = scaledDecoding() ? NativeJpeg.denominator(crop.region(), size()) : 1;
    NativeJpeg.square(encoded, header, crop, denominator, resampler, out, offset);
  }
}
