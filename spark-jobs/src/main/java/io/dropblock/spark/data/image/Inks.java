package io.dropblock.spark.data.image;

import java.awt.image.Raster;

/**
 * Four inks to RGB without colour profiles, as the decoder of the paper's code does it: red is
 * {@code (1 - C)(1 - K)} and so on. Adobe's programs store the inks inverted and leave their
 * marker; with it, samples are taken as inverted, without it as they are.
 */
final class Inks {
  private Inks() {}

  /**
   * Converts the samples of a JPEG.
   *
   * @param raster 4 bands of 8 bits, as stored
   */
  static Image rgb(Raster raster, JpegHeader header) {
    int width = raster.getWidth();
    int height = raster.getHeight();
    byte[] rgb = new byte[3 * width * height];
    boolean inverted = header.adobe() != JpegHeader.NONE;
    int[] row = new int[4 * width];
    int to = 0;
    for (int y = 0; y < height; y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
      for (int from = 0; from < row.length; from += 4) {
        if (header.isYcck()) {
          toInks(row, from);
        }
        for (int channel = 0; channel < 3; channel++) {
          int paper = inverted ? row[from + channel] : 255 - row[from + channel];
          int black = inverted ? row[from + 3] : 255 - row[from + 3];
          rgb[to++] = (byte) (paper * black / 255);
        }
      }
    }
    return new Image(width, height, rgb);
  }

  /**
   * As libjpeg does it (jdcolor.c, {@code ycck_cmyk_convert}): YCC is that of the inks'
   * complements.
   */
  private static void toInks(int[] row, int at) {
    int luma = row[at];
    double blue = row[at + 1] - 128;
    double red = row[at + 2] - 128;
    row[at] = complement(luma + 1.402 * red);
    row[at + 1] = complement(luma - 0.344136 * blue - 0.714136 * red);
    row[at + 2] = complement(luma + 1.772 * blue);
  }

  private static int complement(double value) {
    return 255 - (int) Math.rint(Math.max(0, Math.min(255, value)));
  }
}
