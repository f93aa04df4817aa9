package io.dropblock.spark.data.image;

import java.awt.image.Raster;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Objects;

/**
 * A decoded label map: one class a pixel.
 *
 * @param width pixels, 1 or more
 * @param height pixels, 1 or more
 * @param labels {@code height * width} bytes, unsigned, rows from the top: index of the class, or
 *     255 for void; not copied, so do not write to it
 */
public record LabelImage(int width, int height, byte[] labels) {
  private static final int GREY = 0;
  private static final int PALETTE = 3;

  /** Checks that the bytes fit the size. */
  public LabelImage {
    Objects.requireNonNull(labels, "labels is null");
    if (width < 1 || height < 1 || labels.length != (long) width * height) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Invalid label map: %d bytes for %d x %d pixels",
              labels.length,
              width,
              height));
    }
  }

  /**
   * Decodes a PNG of one 8-bit grey channel, or of a palette of at most 8 bits, whose index counts
   * and whose colours do not, as in PASCAL VOC.
   *
   * @throws BrokenImageException where the bytes are no PNG, one of colours, of alpha or of another
   *     depth, damaged or cut short, or the image is larger than {@link ImageDecoder#MAX_PIXELS}
   */
  public static LabelImage decode(byte[] png) throws BrokenImageException {
    if (png.length == 0) {
      throw new BrokenImageException("the label map is empty");
    }
    if (!PngChunks.areIn(png)) {
      throw new BrokenImageException("the label map is no PNG");
    }
    byte[] readable = PngChunks.read(png);
    PngChunks.size(ByteBuffer.wrap(png));
    int depth = PngChunks.depth(png);
    int type = PngChunks.colourType(png);
    if (!(type == GREY && depth == 8 || type == PALETTE && depth <= 8)) {
      throw new BrokenImageException(
          String.format(
              Locale.ROOT,
              "the label map is a PNG of colour type %d with %d bits: it must be grey (0) with 8 bits or have a palette (3)",
              type,
              depth));
    }
    return JdkDecoder.read(readable, "png", reader -> of(reader.read(0).getRaster()));
  }

  /** The class of a pixel, 0 to 255. */
  public int label(int x, int y) {
    return labels[y * width + x] & 0xFF;
  }

  /** The samples of the first band: of a palette, its indices. */
  private static LabelImage of(Raster raster) {
    int width = raster.getWidth();
    byte[] labels = new byte[width * raster.getHeight()];
    int[] row = new int[width];
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getSamples(0, y, width, 1, 0, row);
      for (int x = 0; x < width; x++) {
        labels[y * width + x] = (byte) row[x];
      }
    }
    return new LabelImage(width, raster.getHeight(), labels);
  }
}
