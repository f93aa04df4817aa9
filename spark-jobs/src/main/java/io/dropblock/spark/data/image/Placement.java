package io.dropblock.spark.data.image;

import io.dropblock.spark.data.annotation.Box;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * Where an image goes in a square: mirrored, scaled, cut, put into the upper left corner. One
 * geometry for pixels, labels and boxes: pixel {@code i} of an image covers {@code i} to {@code i +
 * 1}, and scaling takes its samples at the middles of the target's pixels.
 *
 * @param width of the image as stored
 * @param height of the image as stored
 * @param mirror left to right, before all else
 * @param scaledWidth of the image as scaled
 * @param scaledHeight of the image as scaled
 * @param left columns of the scaled image that are cut off
 * @param top rows of the scaled image that are cut off
 * @param size side of the square
 */
record Placement(
    int width,
    int height,
    boolean mirror,
    int scaledWidth,
    int scaledHeight,
    int left,
    int top,
    int size) {

  /** With a long side of that many pixels, the short one rounded down as in the reference. */
  static Placement scaled(int width, int height, int size, int longSide, boolean mirror) {
    int scaledWidth = scaled(width, longSide, Math.max(width, height));
    int scaledHeight = scaled(height, longSide, Math.max(width, height));
    return new Placement(width, height, mirror, scaledWidth, scaledHeight, 0, 0, size);
  }

  private static int scaled(int side, int longSide, int from) {
    return Math.max(1, (int) ((long) side * longSide / from));
  }

  Placement cut(int left, int top) {
    return new Placement(width, height, mirror, scaledWidth, scaledHeight, left, top, size);
  }

  /** Columns of the square that the image covers. */
  int columns() {
    return Math.min(size, scaledWidth - left);
  }

  /** Rows of the square that the image covers. */
  int rows() {
    return Math.min(size, scaledHeight - top);
  }

  /** Pixels of the scaled image to one of the stored image. */
  double scaleX() {
    return (double) scaledWidth / width;
  }

  double scaleY() {
    return (double) scaledHeight / height;
  }

  /** Writes 3 planes, red first; 0 beside the image. */
  void pixels(Image image, Normalization normalization, FloatBuffer out, int offset) {
    Resampling resampling = Resampling.BILINEAR;
    Axis across = Axis.of(0, width, 1, scaledWidth, resampling);
    Axis down = Axis.of(0, height, 1, scaledHeight, resampling);
    new Resampler(size, resampling, normalization)
        .fill(
            image,
            new Region(0, 0, width, height),
            (mirror ? across.mirrored() : across).part(left, columns()),
            down.part(top, rows()),
            out,
            offset);
    float[] zeros = new float[size];
    for (int row = 0; row < 3 * size; row++) {
      int covered = row % size < rows() ? columns() : 0;
      out.put(offset + row * size + covered, zeros, 0, size - covered);
    }
  }

  /** Writes the nearest labels, and {@code pad} beside the image. */
  void labels(LabelImage image, int pad, LabelPlane plane) {
    int stride = plane.stride();
    int side = LabelPlane.side(size, stride);
    int[] across = nearest(width, scaledWidth, left, columns(), mirror);
    int[] down = nearest(height, scaledHeight, top, rows(), false);
    Arrays.fill(plane.labels(), plane.offset(), plane.offset() + side * side, (byte) pad);
    for (int y = 0; y * stride < down.length; y++) {
      int from = down[y * stride] * width;
      int to = plane.offset() + y * side;
      for (int x = 0; x * stride < across.length; x++) {
        plane.labels()[to + x] = image.labels()[from + across[x * stride]];
      }
    }
  }

  /** The stored pixel that holds the middle of a scaled one. */
  private static int[] nearest(int stored, int scaled, int first, int count, boolean mirror) {
    int[] index = new int[count];
    for (int i = 0; i < count; i++) {
      long target = mirror ? scaled - 1 - first - i : first + i;
      index[i] = (int) ((2 * target + 1) * stored / (2L * scaled));
    }
    return index;
  }

  /** A box as {@code y0, x0, y1, x1} in the square, neither cut off nor rounded. */
  double[] box(Box box) {
    double x = mirror ? width - box.right() : box.x();
    return new double[] {
      box.y() * scaleY() - top,
      x * scaleX() - left,
      box.bottom() * scaleY() - top,
      (x + box.width()) * scaleX() - left
    };
  }
}
