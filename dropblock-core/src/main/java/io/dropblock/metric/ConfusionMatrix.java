package io.dropblock.metric;

import java.io.Serializable;
import java.util.Locale;

/** How many pixels of each class a network took for each class. Not thread-safe. */
final class ConfusionMatrix implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int classes;
  // Rows are the true classes, columns the predicted ones.
  private final long[] counts;

  /** Without pixels. */
  ConfusionMatrix(int classes) {
    this.classes = classes;
    this.counts = new long[classes * classes];
  }

  /** Adds a pixel; both classes are checked. */
  void add(int truth, int predicted) {
    if (truth >= classes || predicted >= classes) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot count a pixel of class %d as class %d: there are %d classes",
              truth,
              predicted,
              classes));
    }
    counts[truth * classes + predicted]++;
  }

  /** Adds the pixels of another matrix of as many classes. */
  void add(ConfusionMatrix other) {
    for (int i = 0; i < counts.length; i++) {
      counts[i] += other.counts[i];
    }
  }

  /** Pixels of a class that were taken for it. */
  long intersection(int label) {
    return counts[label * classes + label];
  }

  /** Pixels that are of a class, or were taken for it, or both. */
  long union(int label) {
    long union = -intersection(label);
    for (int other = 0; other < classes; other++) {
      union += counts[label * classes + other] + counts[other * classes + label];
    }
    return union;
  }

  /** Pixels whose class was found. */
  long right() {
    long right = 0;
    for (int label = 0; label < classes; label++) {
      right += intersection(label);
    }
    return right;
  }

  /** All pixels. */
  long total() {
    long total = 0;
    for (long count : counts) {
      total += count;
    }
    return total;
  }
}
