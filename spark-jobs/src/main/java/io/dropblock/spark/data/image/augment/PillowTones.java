package io.dropblock.spark.data.image.augment;

import io.dropblock.spark.data.image.Image;
import java.util.function.IntUnaryOperator;

/**
 * Operations on the values of pixels, where they stand, as Pillow's {@code ImageEnhance} and {@code
 * ImageOps} count them.
 */
final class PillowTones {
  private PillowTones() {}

  /** What an image is blended with: a channel's value at a place, {@code 3 * pixel + channel}. */
  private static Image blend(Image image, IntUnaryOperator with, float share) {
    byte[] from = image.rgb();
    byte[] to = new byte[from.length];
    for (int i = 0; i < from.length; i++) {
      int value = from[i] & 0xFF;
      int other = with.applyAsInt(i);
      to[i] = (byte) (int) Math.max(0, Math.min(255, other + share * (value - other)));
    }
    return new Image(image.width(), image.height(), to);
  }

  /** From black (0) over the image itself (1) to one brighter than it is. */
  static Image brightness(Image image, float share) {
    return blend(image, i -> 0, share);
  }

  /** From grey (0) over the image itself (1) to colours stronger than they are. */
  static Image color(Image image, float share) {
    return blend(image, i -> grey(image.rgb(), i / 3), share);
  }

  /** From the mean grey (0) over the image itself (1) to contrasts stronger than they are. */
  static Image contrast(Image image, float share) {
    int pixels = image.width() * image.height();
    long sum = 0;
    for (int pixel = 0; pixel < pixels; pixel++) {
      sum += grey(image.rgb(), pixel);
    }
    int mean = (int) ((double) sum / pixels + 0.5);
    return blend(image, i -> mean, share);
  }

  /** From smoothed (0) over the image itself (1) to sharper than it is. */
  static Image sharpness(Image image, float share) {
    byte[] smooth = smoothed(image);
    return blend(image, i -> smooth[i] & 0xFF, share);
  }

  /** Each pixel five times beside its eight neighbours; the image's border as it is. */
  private static byte[] smoothed(Image image) {
    byte[] from = image.rgb();
    byte[] to = from.clone();
    int line = 3 * image.width();
    for (int y = 1; y < image.height() - 1; y++) {
      for (int i = y * line + 3; i < (y + 1) * line - 3; i++) {
        int sum = 4 * (from[i] & 0xFF);
        for (int row = i - line; row <= i + line; row += line) {
          sum += (from[row - 3] & 0xFF) + (from[row] & 0xFF) + (from[row + 3] & 0xFF);
        }
        // sum / 13 to the nearest whole number, which is never between two
        to[i] = (byte) ((2 * sum + 13) / 26);
      }
    }
    return to;
  }

  /** Each channel from 0 to 255, but for one of a single value. */
  static Image autoContrast(Image image) {
    byte[] from = image.rgb();
    byte[] to = new byte[from.length];
    for (int channel = 0; channel < 3; channel++) {
      int low = 255;
      int high = 0;
      for (int i = channel; i < from.length; i += 3) {
        low = Math.min(low, from[i] & 0xFF);
        high = Math.max(high, from[i] & 0xFF);
      }
      double scale = high == low ? 1 : 255.0 / (high - low);
      double offset = high == low ? 0 : -low * scale;
      for (int i = channel; i < from.length; i += 3) {
        double value = (from[i] & 0xFF) * scale + offset;
        to[i] = (byte) (int) Math.max(0, Math.min(255, value));
      }
    }
    return new Image(image.width(), image.height(), to);
  }

  /** ITU-R 601, in 16 bits behind the point, rounded. */
  private static int grey(byte[] rgb, int pixel) {
    int red = rgb[3 * pixel] & 0xFF;
    int green = rgb[3 * pixel + 1] & 0xFF;
    int blue = rgb[3 * pixel + 2] & 0xFF;
    return (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16;
  }
}
