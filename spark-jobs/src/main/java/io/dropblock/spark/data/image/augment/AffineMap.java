package io.dropblock.spark.data.image.augment;

import io.dropblock.spark.data.image.Image;

/**
 * A map of the plane from the pixels of a result to those of an image, as TensorFlow's {@code
 * contrib.image.transform} takes it: {@code (a x + b y + c, d x + e y + f)}, where whole numbers
 * are the middles of pixels; the nearest pixel counts, and what lies outside is grey.
 */
record AffineMap(float a, float b, float c, float d, float e, float f) {
  private static final byte OUTSIDE = (byte) 128;

  /** About the middle of the image, counter-clockwise. */
  static AffineMap rotation(float degrees, int width, int height) {
    // StrictMath: the same on every machine.
    double radians = StrictMath.toRadians(degrees);
    float cos = (float) StrictMath.cos(radians);
    float sin = (float) StrictMath.sin(radians);
    float right = width - 1;
    float bottom = height - 1;
    return new AffineMap(
        cos,
        -sin,
        (right - (cos * right - sin * bottom)) / 2,
        sin,
        cos,
        (bottom - (sin * right + cos * bottom)) / 2);
  }

  static AffineMap shearX(float level) {
    return new AffineMap(1, level, 0, 0, 1, 0);
  }

  static AffineMap shearY(float level) {
    return new AffineMap(1, 0, 0, level, 1, 0);
  }

  /** Up by that many pixels. */
  static AffineMap translationY(float pixels) {
    return new AffineMap(1, 0, 0, 0, 1, pixels);
  }

  Image apply(Image image) {
    int width = image.width();
    byte[] from = image.rgb();
    byte[] to = new byte[from.length];
    for (int y = 0, i = 0; y < image.height(); y++) {
      for (int x = 0; x < width; x++, i += 3) {
        int sourceX = nearest(a * x + b * y + c);
        int sourceY = nearest(d * x + e * y + f);
        boolean inside =
            sourceX >= 0 && sourceX < width && sourceY >= 0 && sourceY < image.height();
        int source = 3 * (sourceY * width + sourceX);
        for (int channel = 0; channel < 3; channel++) {
          to[i + channel] = inside ? from[source + channel] : OUTSIDE;
        }
      }
    }
    return new Image(width, image.height(), to);
  }

  /** Halves away from 0, as C++ rounds. */
  private static int nearest(float value) {
    return value < 0 ? -(int) (0.5f - value) : (int) (value + 0.5f);
  }
}
