package io.dropblock.metric.coco;

import java.util.Arrays;

/** The order of detections: the surest first, equal ones as they come. */
final class ByScore {
  private ByScore() {}

  /** Indices of finite scores in that order. */
  static int[] order(double[] scores) {
    double[] keys = new double[scores.length];
    for (int i = 0; i < keys.length; i++) {
      // 0 - x, as -0 and 0 are one score
      keys[i] = 0 - scores[i];
    }
    double[] sorted = keys.clone();
    Arrays.sort(sorted);
    int[] taken = new int[keys.length];
    int[] order = new int[keys.length];
    for (int i = 0; i < keys.length; i++) {
      int first = first(sorted, keys[i]);
      order[first + taken[first]++] = i;
    }
    return order;
  }

  /** The first place of a key that is there. */
  private static int first(double[] sorted, double key) {
    int low = 0;
    int high = sorted.length - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted[middle] < key) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
