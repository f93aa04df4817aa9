package io.dropblock.spark.data.kind;

import io.dropblock.spark.data.image.BrokenImageException;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A number for each class. */
final class LabelCounts implements Serializable {
  private static final long serialVersionUID = 1L;

  private final long[] counts;

  /** All 0. */
  LabelCounts(int classes) {
    counts = new long[classes];
  }

  int classes() {
    return counts.length;
  }

  /** One more of a class that there is. */
  void add(int label) {
    counts[label]++;
  }

  void merge(LabelCounts other) {
    Arrays.setAll(counts, label -> counts[label] + other.counts[label]);
  }

  /** By label. */
  List<Long> list() {
    return Arrays.stream(counts).boxed().toList();
  }

  void requireClass(int label) throws BrokenImageException {
    if (label >= counts.length) {
      throw new BrokenImageException(
          String.format(Locale.ROOT, "label %d of %d classes", label, counts.length));
    }
  }
}
