package io.dropblock.metric;

import java.io.Serializable;
import java.util.Locale;
import java.util.Objects;

/**
 * How many examples of each class, images or pixels, a network took for each class. Not
 * thread-safe.
 */
public final class ConfusionMatrix implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int classes;
  // Rows are the true classes, columns the predicted ones.
  private final long[] counts;

  /** Without examples. */
  ConfusionMatrix(int classes) {
    this.classes = classes;
    this.counts = new long[classes * classes];
  }

  /** Adds an example; both classes are checked. */
  void add(int truth, int predicted) {
    if (truth >= classes || predicted >= classes) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot count class %d as class %d: there are %d classes",
              truth,
              predicted,
              classes));
    }
    counts[truth * classes + predicted]++;
  }

  /** Adds the examples of another matrix of as many classes. */
  void add(ConfusionMatrix other) {
    for (int i = 0; i < counts.length; i++) {
      counts[i] += other.counts[i];
    }
  }

  /** Number of classes. */
  public int classes() {
    return classes;
  }

  /**
   * How many examples of a class were taken for a class.
   *
   * @param truth the class that they are of, from 0
   * @param predicted the one that they were taken for, from 0
   */
  public long count(int truth, int predicted) {
    return counts[
        Objects.checkIndex(truth, classes) * classes + Objects.checkIndex(predicted, classes)];
  }

  /** Examples of a class. */
  long of(int label) {
    long of = 0;
    for (int predicted = 0; predicted < classes; predicted++) {
      of += counts[label * classes + predicted];
    }
    return of;
  }

  /** Examples of a class that were taken for it. */
  long intersection(int label) {
    return counts[label * classes + label];
  }

  /** Examples that are of a class, or were taken for it, or both. */
  long union(int label) {
    long union = -intersection(label);
    for (int other = 0; other < classes; other++) {
      union += counts[label * classes + other] + counts[other * classes + label];
    }
    return union;
  }

  /** Examples whose class was found. */
  long right() {
    long right = 0;
    for (int label = 0; label < classes; label++) {
      right += intersection(label);
    }
    return right;
  }

  /** All examples. */
  long total() {
    long total = 0;
    for (long count : counts) {
      total += count;
    }
    return total;
  }
}
