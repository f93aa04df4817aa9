package io.dropblock.spark.data.image;

import java.util.Locale;

/**
 * Decodes JPEG and PNG. What an image is goes by its first bytes, not by its name. Colour profiles,
 * gamma and EXIF orientation are ignored, alpha is dropped; grey, palettes and CMYK become RGB.
 * JPEGs by libjpeg-turbo; by the JDK where that is missing.
 */
public final class ImageDecoder {
  /** Larger images are refused before their pixels are allocated. */
  public static final long MAX_PIXELS = 100_000_000L;

  private ImageDecoder() {}

  /**
   * Decodes a whole image. One that the decoder would fill up with pixels of its own because data
   * is missing or wrong counts as broken; an {@link ImageOddity} does not, and neither do stray
   * bytes behind a scan's data. Both decoders take and refuse the same.
   *
   * @throws BrokenImageException where the bytes are empty, of another format, damaged or cut
   *     short, or the image is larger than {@link #MAX_PIXELS}
   */
  public static Image decode(byte[] bytes) throws BrokenImageException {
    if (bytes.length == 0) {
      throw new BrokenImageException("the file is empty");
    }
    if (JpegHeader.isAtStartOf(bytes)) {
      return NativeJpeg.problem() == null
          ? NativeJpeg.whole(bytes)
          : JdkDecoder.decode(bytes, "jpeg");
    }
    if (PngChunks.areIn(bytes)) {
      return JdkDecoder.decode(bytes, "png");
    }
    throw new BrokenImageException(ForeignBytes.reason(bytes));
  }

  /** What decodes JPEGs in this process, in words. */
  public static String jpegDecoder() {
    String problem = NativeJpeg.problem();
    return problem == null ? "libjpeg-turbo" : "the JDK, as " + problem;
  }

  static void requireSize(long width, long height) throws BrokenImageException {
    if (width < 1 || height < 1 || width * height > MAX_PIXELS) {
      throw new BrokenImageException(
          String.format(
              Locale.ROOT, "%d x %d pixels are not between 1 and %d", width, height, MAX_PIXELS));
    }
  }
}
