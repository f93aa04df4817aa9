package io.dropblock.spark.data.image.mix;

import java.nio.FloatBuffer;
import java.util.Locale;

/**
 * The images of a micro-batch, in place.
 *
 * @param pixels {@code count * 3 * size * size} floats in the order NCHW, all of them whatever the
 *     buffer's position; normalised or not
 * @param count 1 or more
 * @param size height and width, pixels
 */
public record Squares(FloatBuffer pixels, int count, int size) {
  /** Checks that the memory fits. */
  public Squares {
    if (count < 1 || size < 1 || pixels.capacity() != 3L * count * size * size) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Invalid squares: %d floats for %d images of %d x %d pixels",
              pixels.capacity(),
              count,
              size,
              size));
    }
  }

  /** How a row of an image becomes another, by that of the image before. */
  interface Row {
    void blend(float[] own, float[] before);
  }

  /**
   * Blends a part of each image with the same part of the image before it, the first with the last,
   * as both are now.
   *
   * @param left first column
   * @param right column behind the last
   * @param top first row
   * @param bottom row behind the last
   */
  void blend(int left, int right, int top, int bottom, Row row) {
    if (left == right) {
      return;
    }
    float[] own = new float[right - left];
    float[] before = new float[right - left];
    float[] last = new float[right - left];
    for (int channel = 0; channel < 3; channel++) {
      for (int y = top; y < bottom; y++) {
        pixels.get(place(count - 1, channel, y) + left, last);
        // from the last one down, so that the image before is still as it was
        for (int image = count - 1; image >= 0; image--) {
          int place = place(image, channel, y) + left;
          pixels.get(place, own);
          if (image > 0) {
            pixels.get(place(image - 1, channel, y) + left, before);
          }
          row.blend(own, image > 0 ? before : last);
          pixels.put(place, own);
        }
      }
    }
  }

  private int place(int image, int channel, int y) {
    return ((image * 3 + channel) * size + y) * size;
  }
}
