package io.dropblock.spark.data.annotation;

import java.util.Arrays;
import java.util.BitSet;

/** Which pixels belong to an object: those whose centre its shape covers. */
public final class Mask {
  private final int width;
  private final int height;
  // Row by row.
  private final BitSet inside = new BitSet();

  private Mask(int width, int height) {
    if (width < 1 || height < 1 || (long) width * height > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("Invalid mask size: " + width + " x " + height);
    }
    this.width = width;
    this.height = height;
  }

  /**
   * Draws a shape.
   *
   * @param width of the shape's image, pixels
   * @param height of the shape's image, pixels
   */
  public static Mask of(Shape shape, int width, int height) {
    return of(shape, width, height, 1, 1);
  }

  /**
   * Draws a shape as it is in a scaled image.
   *
   * @param width of the scaled image, pixels
   * @param height of the scaled image, pixels
   * @param scaleX width of the scaled image by that of the shape's
   * @param scaleY height of the scaled image by that of the shape's
   */
  public static Mask of(Shape shape, int width, int height, double scaleX, double scaleY) {
    Mask mask = new Mask(width, height);
    if (shape instanceof Polygons polygons) {
      for (float[] ring : polygons.rings()) {
        mask.fill(ring, scaleX, scaleY);
      }
    } else if (shape instanceof RunLengths runs) {
      mask.fill(runs, scaleX, scaleY);
    }
    return mask;
  }

  /** Whether a pixel belongs to the object; beyond the image none does. */
  public boolean contains(int x, int y) {
    return x >= 0 && x < width && y >= 0 && y < height && inside.get(y * width + x);
  }

  /** Whether a pixel belongs to the object and one of the four beside it does not. */
  public boolean isEdge(int x, int y) {
    return contains(x, y)
        && !(contains(x - 1, y) && contains(x + 1, y) && contains(x, y - 1) && contains(x, y + 1));
  }

  /** Number of pixels that belong to the object. */
  public int area() {
    return inside.cardinality();
  }

  /** Pixels between the first and second crossing of a row's centre line, third and fourth, ... */
  private void fill(float[] ring, double scaleX, double scaleY) {
    int corners = ring.length / 2;
    double[] xs = new double[corners];
    double[] ys = new double[corners];
    for (int i = 0; i < corners; i++) {
      xs[i] = ring[2 * i] * scaleX;
      ys[i] = ring[2 * i + 1] * scaleY;
    }
    double[] crossings = new double[corners];
    for (int y = 0; y < height; y++) {
      int count = crossings(xs, ys, y + 0.5, crossings);
      for (int i = 0; i < count; i += 2) {
        int from = firstCentreFrom(crossings[i]);
        inside.set(y * width + from, y * width + Math.max(from, firstCentreFrom(crossings[i + 1])));
      }
    }
  }

  /** Where a horizontal line crosses a ring, from left to right; returns how often, always even. */
  private static int crossings(double[] xs, double[] ys, double line, double[] crossings) {
    int count = 0;
    for (int i = 0, j = xs.length - 1; i < xs.length; j = i++) {
      if (ys[j] <= line != ys[i] <= line) {
        crossings[count++] = xs[j] + (line - ys[j]) / (ys[i] - ys[j]) * (xs[i] - xs[j]);
      }
    }
    Arrays.sort(crossings, 0, count);
    return count;
  }

  private int firstCentreFrom(double x) {
    return (int) Math.max(0, Math.min(width, Math.ceil(x - 0.5)));
  }

  private void fill(RunLengths runs, double scaleX, double scaleY) {
    long[] ends = new long[runs.counts().size()];
    long end = 0;
    for (int i = 0; i < ends.length; i++) {
      end += runs.counts().get(i);
      ends[i] = end;
    }
    for (int x = 0; x < width; x++) {
      long column = (long) ((x + 0.5) / scaleX);
      for (int y = 0; y < height; y++) {
        long row = (long) ((y + 0.5) / scaleY);
        if (column < runs.width() && row < runs.height()) {
          inside.set(y * width + x, runAt(ends, column * runs.height() + row) % 2 == 1);
        }
      }
    }
  }

  /** The first run that ends behind a pixel; runs before it may be empty. */
  private static int runAt(long[] ends, long pixel) {
    int low = 0;
    int high = ends.length - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (ends[middle] > pixel) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }
}
