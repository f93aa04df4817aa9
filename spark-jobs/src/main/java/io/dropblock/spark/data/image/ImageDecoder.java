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
 * Decodes JPEG and PNG with the JDK's readers, in memory only. What an image is goes by its first
 * bytes, not by its name. Colour profiles and gamma are ignored, alpha is dropped, grey and
 * palettes become RGB, and so do the four inks of a CMYK JPEG. EXIF's orientation is ignored, as
 * the paper's code does.
 */
public final class ImageDecoder {
  /** Larger images are refused before their pixels are allocated. */
  public static final long MAX_PIXELS = 100_000_000L;

  private ImageDecoder() {}

  /**
   * Decodes a whole image. A JPEG that the reader would fill up with grey because data is missing
   * or wrong counts as broken; stray bytes after complete image data do not.
   *
   * @throws BrokenImageException where the bytes are empty, of another format, damaged or cut
   *     short, or the image is larger than {@link #MAX_PIXELS}
   */
  public static Image decode(byte[] bytes) throws BrokenImageException {
    String format = format(bytes);
    if (format.equals("png")) {
      PngChunks.verify(bytes);
    }
    ImageReader reader = ImageIO.getImageReadersByFormatName(format).next();
    // Not ImageIO.createImageInputStream: that one may write temporary files.
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
      reader.setInput(in, true, true);
      long width = reader.getWidth(0);
      long height = reader.getHeight(0);
      if (width < 1 || height < 1 || width * height > MAX_PIXELS) {
        throw new BrokenImageException(
            "%d x %d pixels are not between 1 and %d".formatted(width, height, MAX_PIXELS));
      }
      List<String> warnings = new ArrayList<>();
      reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
      Image image = read(reader, format.equals("jpeg") ? JpegMarkers.of(bytes) : null);
      for (String warning : warnings) {
        if (!isHarmless(warning)) {
          throw new BrokenImageException(warning);
        }
      }
      return image;
    } catch (IOException | RuntimeException e) {
      // The JDK's readers answer some damaged files with index and argument exceptions.
      throw new BrokenImageException(reason(e), e);
    } finally {
      reader.dispose();
    }
  }

  /** The JDK's reader knows no CMYK, but gives the samples as they are stored. */
  private static Image read(ImageReader reader, JpegMarkers markers)
      throws IOException, BrokenImageException {
    if (markers != null && markers.components() == 4) {
      return Inks.rgb(reader.readRaster(0, null), markers);
    }
    return Rasters.rgb(reader.read(0));
  }

  private static String format(byte[] bytes) throws BrokenImageException {
    if (bytes.length == 0) {
      throw new BrokenImageException("the file is empty");
    }
    if (startsWith(bytes, 0xFF, 0xD8, 0xFF)) {
      return "jpeg";
    }
    if (startsWith(bytes, 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n')) {
      return "png";
    }
    throw new BrokenImageException("it is neither JPEG nor PNG");
  }

  private static boolean startsWith(byte[] bytes, int... magic) {
    for (int i = 0; i < magic.length; i++) {
      if (i >= bytes.length || (bytes[i] & 0xFF) != magic[i]) {
        return false;
      }
    }
    return true;
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
