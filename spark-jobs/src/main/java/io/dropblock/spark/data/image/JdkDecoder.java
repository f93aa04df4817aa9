package io.dropblock.spark.data.image;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Decodes with the JDK's readers, in memory only: PNGs, and JPEGs where libjpeg-turbo is missing.
 * Colour profiles and gamma are ignored, alpha is dropped, grey, palettes and CMYK become RGB.
 */
final class JdkDecoder {
  private JdkDecoder() {}

  /**
   * Decodes a whole image. A JPEG that the reader would fill up with grey because data is missing
   * or wrong counts as broken; stray bytes after complete image data do not.
   *
   * @param format {@code png} or {@code jpeg}
   */
  static Image decode(byte[] bytes, String format) throws BrokenImageException {
    JpegHeader header = format.equals("jpeg") ? JpegHeader.of(bytes) : null;
    return read(bytes, format, reader -> image(reader, header));
  }

  /** What a reader is asked for. */
  interface Pixels<T> {
    T of(ImageReader reader) throws IOException, BrokenImageException;
  }

  /** Something else than RGB, with the same care. */
  static <T> T read(byte[] bytes, String format, Pixels<T> pixels) throws BrokenImageException {
    ImageReader reader = ImageIO.getImageReadersByFormatName(format).next();
    // Not ImageIO.createImageInputStream: that one may write temporary files.
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
      reader.setInput(in, true, true);
      ImageDecoder.requireSize(reader.getWidth(0), reader.getHeight(0));
      List<String> warnings = new ArrayList<>();
      reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
      T result = pixels.of(reader);
      for (String warning : warnings) {
        if (!isHarmless(warning)) {
          throw new BrokenImageException(warning);
        }
      }
      return result;
    } catch (IOException | RuntimeException e) {
      // The JDK's readers answer some damaged files with index and argument exceptions.
      throw new BrokenImageException(reason(e), e);
    } finally {
      reader.dispose();
    }
  }

  /** The JDK's reader knows no CMYK, but gives the samples as they are stored. */
  private static Image image(ImageReader reader, JpegHeader header)
      throws IOException, BrokenImageException {
    if (header != null && header.components() == 4) {
      return Inks.rgb(reader.readRaster(0, null), header);
    }
    return Rasters.rgb(reader.read(0));
  }

  /** Every pixel was there: libjpeg only met more bytes than it needed before the end mark. */
  private static boolean isHarmless(String warning) {
    return warning.endsWith("extraneous bytes before marker 0xd9");
  }

  private static String reason(Exception e) {
    Throwable last = e;
    while (last.getCause() != null) {
      last = last.getCause();
    }
    String message =
        last.getMessage() == null ? "" : ": " + last.getMessage().lines().findFirst().orElse("");
    return last.getClass().getSimpleName() + message;
  }
}
