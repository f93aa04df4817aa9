package io.dropblock.spark.data.image.augment;

import io.dropblock.spark.data.image.Image;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * A map of the plane from the pixels of a result to those of an image, as Pillow's {@code
 * Image.transform} takes it: {@code (a x + b y + c, d x + e y + f)}, where the middles of pixels
 * are at halves. Scaled bilinearly, fractions of the values cut off; what lies outside is black.
 */
record PillowMap(double a, double b, double c, double d, double e, double f) {
  private static final int DIGITS = 15;

  /**
   * About the middle of the image, counter-clockwise by 0 to 360 degrees, cosine and sine to 15
   * digits.
   */
  static PillowMap rotation(double degrees, int width, int height) {
    // StrictMath: the same on every machine.
    double radians = StrictMath.toRadians((degrees % 360 + 360) % 360);
    double cos = rounded(StrictMath.cos(radians));
    double sin = rounded(StrictMath.sin(radians));
    double x = width / 2.0;
    double y = height / 2.0;
    return new PillowMap(cos, -sin, -cos * x + sin * y + x, sin, cos, -sin * x - cos * y + y);
  }

  /** Of the double's exact value, as Python rounds. */
  private static double rounded(double value) {
    return new BigDecimal(value).setScale(DIGITS, RoundingMode.HALF_EVEN).doubleValue();
  }

  Image apply(Image image) {
    byte[] to = new byte[image.rgb().length];
    for (int y = 0, i = 0; y < image.height(); y++) {
      for (int x = 0; x < image.width(); x++, i += 3) {
        double sourceX = a * (x + 0.5) + b * (y + 0.5) + c;
        double sourceY = d * (x + 0.5) + e * (y + 0.5) + f;
        if (sourceX >= 0 && sourceX < image.width() && sourceY >= 0 && sourceY < image.height()) {
          read(image, sourceX - 0.5, sourceY - 0.5, to, i);
        }
      }
    }
    return new Image(image.width(), image.height(), to);
  }

  /** A point between the middles of four pixels; at the borders there are fewer. */
  private static void read(Image image, double x, double y, byte[] to, int at) {
    int left = (int) Math.floor(x);
    int top = (int) Math.floor(y);
    double across = x - left;
    double down = y - top;
    int first = 3 * Math.max(left, 0);
    int second = 3 * Math.min(left + 1, image.width() - 1);
    int upper = Math.max(top, 0) * 3 * image.width();
    int lower = Math.min(top + 1, image.height() - 1) * 3 * image.width();
    byte[] rgb = image.rgb();
    for (int channel = 0; channel < 3; channel++) {
      double above = between(rgb, upper + channel, first, second, across);
      double below = between(rgb, lower + channel, first, second, across);
      to[at + channel] = (byte) (int) (above + (below - above) * down);
    }
  }

  private static double between(byte[] rgb, int row, int first, int second, double share) {
    int from = rgb[row + first] & 0xFF;
    return from + ((rgb[row + second] & 0xFF) - from) * share;
  }
}
