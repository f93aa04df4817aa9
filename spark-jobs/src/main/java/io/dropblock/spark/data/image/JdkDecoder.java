package io.dropblock.spark.data.image;

import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;

/**
 * Decodes with the JDK's readers, in memory only: PNGs, and JPEGs where libjpeg-turbo is missing.
 * Colour profiles and gamma are ignored, alpha is dropped, grey, palettes and CMYK become RGB.
 */
final class JdkDecoder {
  private static final Pattern STRAY =
      Pattern.compile(".*: (\\d{1,9}) extraneous bytes before marker 0x([0-9a-f]{2})");
  private static final String END = "d9";
  private static final int AHEAD = 8;

  private JdkDecoder() {}

  /**
   * Decodes a whole image. A JPEG that the reader would fill up with grey because data is missing
   * or wrong counts as broken; odd headers, and stray bytes behind a scan's data, do not.
   *
   * @param format {@code png} or {@code jpeg}
   */
  static Image decode(byte[] bytes, String format) throws BrokenImageException {
    return format.equals("png")
        ? read(PngChunks.read(bytes), format, reader -> png(reader, bytes))
        : jpeg(bytes);
  }

  /** What a reader is asked for. */
  interface Pixels<T> {
    T of(ImageReader reader) throws IOException, BrokenImageException;
  }

  /** Something else than RGB, with the same care. */
  static <T> T read(byte[] bytes, String format, Pixels<T> pixels) throws BrokenImageException {
    List<String> warnings = new ArrayList<>();
    T result = read(bytes, format, pixels, warnings);
    if (!warnings.isEmpty()) {
      throw new BrokenImageException(warnings.get(0));
    }
    return result;
  }

  private static <T> T read(byte[] bytes, String format, Pixels<T> pixels, List<String> warnings)
      throws BrokenImageException {
    ImageReader reader = ImageIO.getImageReadersByFormatName(format).next();
    try (BytesInput in = new BytesInput(bytes)) {
      reader.setInput(in, true, true);
      ImageDecoder.requireSize(reader.getWidth(0), reader.getHeight(0));
      reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
      return pixels.of(reader);
    } catch (IOException | RuntimeException e) {
      // The JDK's readers answer some damaged files with index and argument exceptions.
      throw new BrokenImageException(reason(e), e);
    } finally {
      reader.dispose();
    }
  }

  private static Image png(ImageReader reader, byte[] bytes)
      throws IOException, BrokenImageException {
    int bands = PngChunks.bands(bytes);
    int depth = PngChunks.depth(bytes);
    boolean large = bands > 0 && bands * depth > Byte.SIZE;
    return large ? Rasters.read(reader, bands, depth) : Rasters.rgb(reader.read(0));
  }

  private static Image jpeg(byte[] bytes) throws BrokenImageException {
    JpegHeader header = JpegHeader.of(bytes);
    if (header.manyScans()) {
      JpegScans.areComplete(bytes, header);
    }
    JdkJpeg jpeg = new JdkJpeg(bytes, header);
    List<String> warnings = new ArrayList<>();
    Image image = jpeg(jpeg, jpeg.scans(), header, warnings);
    if (warnings.isEmpty() || strayBytes(warnings.get(0)) > 0) {
      return image;
    }
    if (jpeg.scans() == 1) {
      throw new BrokenImageException(warnings.get(0));
    }
    for (int scan = 1; scan <= jpeg.scans(); scan++) {
      tidy(jpeg, scan, header);
    }
    warnings.clear();
    Image tidied = jpeg(jpeg, jpeg.scans(), header, warnings);
    if (!warnings.isEmpty()) {
      throw new BrokenImageException(warnings.get(0));
    }
    return tidied;
  }

  /**
   * Leaves out stray bytes behind a scan: they are harmless, but hide what is wrong with the scans
   * behind them. Of some the reader says nothing, as it reads a few bytes ahead.
   */
  private static void tidy(JdkJpeg jpeg, int scan, JpegHeader header) throws BrokenImageException {
    String warning = warning(jpeg, scan, header);
    while (warning != null) {
      byte[] data = jpeg.data(scan);
      int stray = strayBytes(warning);
      if (stray == 0 || stray > data.length) {
        throw new BrokenImageException(warning);
      }
      jpeg.setData(scan, Arrays.copyOf(data, data.length - stray));
      warning = warning(jpeg, scan, header);
    }
    for (int ahead = 0; ahead < AHEAD && jpeg.data(scan).length > 0; ahead++) {
      byte[] data = jpeg.data(scan);
      jpeg.setData(scan, Arrays.copyOf(data, data.length - 1));
      if (warning(jpeg, scan, header) != null) {
        jpeg.setData(scan, data);
        return;
      }
    }
  }

  /** The first one of the JPEG up to a scan, or null. */
  private static String warning(JdkJpeg jpeg, int scan, JpegHeader header)
      throws BrokenImageException {
    List<String> warnings = new ArrayList<>();
    jpeg(jpeg, scan, header, warnings);
    return warnings.isEmpty() ? null : warnings.get(0);
  }

  /** The JDK's reader knows no CMYK, but gives the samples as they are stored. */
  private static Image jpeg(JdkJpeg jpeg, int scans, JpegHeader header, List<String> warnings)
      throws BrokenImageException {
    Pixels<Image> pixels =
        switch (header.components()) {
          case 1 -> reader -> Rasters.rgb(reader.read(0));
          case 4 -> reader -> Inks.rgb(reader.readRaster(0, null), header);
          default -> reader -> Rasters.read(reader, 3, Byte.SIZE);
        };
    return read(jpeg.upTo(scans), "jpeg", pixels, warnings);
  }

  /** How many bytes were left over before the end mark, if that is what the warning says. */
  private static int strayBytes(String warning) {
    Matcher stray = STRAY.matcher(warning);
    return stray.matches() && stray.group(2).equals(END) ? Integer.parseInt(stray.group(1)) : 0;
  }

  private static String reason(Exception e) {
    Throwable last = e;
    while (last.getCause() != null) {
      last = last.getCause();
    }
    if (last instanceof EOFException) {
      return "the data of its pixels is cut short";
    }
    String message =
        last.getMessage() == null ? "" : ": " + last.getMessage().lines().findFirst().orElse("");
    return last.getClass().getSimpleName() + message;
  }
}
