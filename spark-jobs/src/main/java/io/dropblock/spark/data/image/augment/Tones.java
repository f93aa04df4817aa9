package io.dropblock.spark.data.image.augment;

import io.dropblock.spark.data.image.Image;
import java.util.function.IntUnaryOperator;

/**
 * Operations on the values of pixels, where they stand, by the formulas of the TPU code {@code
 * efficientnet/autoaugment.py}, which counts in 32-bit floats and cuts fractions off.
 */
final class Tones {
  private static final int VALUES = 256;

  private Tones() {}

  /** A channel's values, each replaced by another. */
  private interface Channel {
    IntUnaryOperator values(int[] histogram);
  }

  private static Image replace(Image image, Channel channel) {
    byte[] from = image.rgb();
    byte[] to = new byte[from.length];
    for (int c = 0; c < 3; c++) {
      int[] histogram = new int[VALUES];
      for (int i = c; i < from.length; i += 3) {
        histogram[from[i] & 0xFF]++;
      }
      IntUnaryOperator values = channel.values(histogram);
      byte[] table = new byte[VALUES];
      for (int value = 0; value < VALUES; value++) {
        table[value] = (byte) values.applyAsInt(value);
      }
      for (int i = c; i < from.length; i += 3) {
        to[i] = table[from[i] & 0xFF];
      }
    }
    return new Image(image.width(), image.height(), to);
  }

  static Image invert(Image image) {
    return replace(image, histogram -> value -> 255 - value);
  }

  /** Keeps the upper bits; at least one, as TensorFlow shifts by 7 at most. */
  static Image posterize(Image image, int bits) {
    int shift = 8 - Math.max(bits, 1);
    return replace(image, histogram -> value -> value >> shift << shift);
  }

  /** Inverts values from the threshold on, 0 to 256. */
  static Image solarize(Image image, int threshold) {
    return replace(image, histogram -> value -> value < threshold ? value : 255 - value);
  }

  /** Adds to values below 128. */
  static Image solarizeAdd(Image image, int addition) {
    return replace(
        image, histogram -> value -> value < 128 ? Math.min(value + addition, 255) : value);
  }

  /** Each channel from 0 to 255, but for one of a single value. */
  static Image autoContrast(Image image) {
    return replace(
        image,
        histogram -> {
          int low = 0;
          while (histogram[low] == 0) {
            low++;
          }
          int high = VALUES - 1;
          while (histogram[high] == 0) {
            high--;
          }
          if (high == low) {
            return IntUnaryOperator.identity();
          }
          float scale = 255f / (high - low);
          float offset = -low * scale;
          return value -> cut(value * scale + offset);
        });
  }

  /** Each channel's histogram made even. */
  static Image equalize(Image image) {
    return replace(
        image,
        histogram -> {
          int last = VALUES - 1;
          while (histogram[last] == 0) {
            last--;
          }
          int step = (image.width() * image.height() - histogram[last]) / 255;
          if (step == 0) {
            return IntUnaryOperator.identity();
          }
          int[] table = new int[VALUES];
          int below = step / 2;
          for (int value = 0; value < VALUES; value++) {
            table[value] = Math.min(below / step, 255);
            below += histogram[value];
          }
          return value -> table[value];
        });
  }

  /** From grey (0) over the image itself (1) to colours stronger than they are. */
  static Image color(Image image, float factor) {
    byte[] from = image.rgb();
    byte[] to = new byte[from.length];
    for (int i = 0; i < from.length; i += 3) {
      int grey = grey(from[i] & 0xFF, from[i + 1] & 0xFF, from[i + 2] & 0xFF);
      for (int c = 0; c < 3; c++) {
        int value = from[i + c] & 0xFF;
        to[i + c] = (byte) (factor == 1 ? value : cut(grey + factor * (value - grey)));
      }
    }
    return new Image(image.width(), image.height(), to);
  }

  /** TensorFlow's {@code rgb_to_grayscale}, which rounds by its scales of 1/255 and 255.5. */
  private static int grey(int red, int green, int blue) {
    float unit = 1f / 255;
    return (int) ((red * unit * 0.2989f + green * unit * 0.587f + blue * unit * 0.114f) * 255.5f);
  }

  private static int cut(float value) {
    return (int) Math.max(0, Math.min(255, value));
  }
}
