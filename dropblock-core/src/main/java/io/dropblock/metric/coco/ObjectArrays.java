package io.dropblock.metric.coco;

import java.util.Arrays;
import java.util.Locale;

/** What must hold for the arrays of objects, true or found. */
final class ObjectArrays {
  private ObjectArrays() {}

  static void check(String kind, double[] boxes, int[] categories) {
    requireSize(kind, "box coordinates", boxes.length, 4 * categories.length);
    for (int i = 0; i < categories.length; i++) {
      boolean finite = true;
      for (int at = 4 * i; at < 4 * i + 4; at++) {
        finite &= Double.isFinite(boxes[at]);
      }
      if (!finite || boxes[4 * i + 2] < 0 || boxes[4 * i + 3] < 0) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "Invalid %s object %d: its box %s is not x, y and sizes from 0",
                kind,
                i,
                Arrays.toString(Arrays.copyOfRange(boxes, 4 * i, 4 * i + 4))));
      }
      if (categories[i] < 0) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT, "Invalid %s object %d: category %d is none", kind, i, categories[i]));
      }
    }
  }

  static void requireSize(String kind, String what, int actual, int[] categories) {
    requireSize(kind, what, actual, categories.length);
  }

  private static void requireSize(String kind, String what, int actual, int expected) {
    if (actual != expected) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "Invalid %s objects: %d %s, not %d", kind, actual, what, expected));
    }
  }
}
