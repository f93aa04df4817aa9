package io.dropblock.metric.coco;

import java.util.List;
import java.util.Locale;

/** Sizes of objects that are measured apart, square pixels; both ends belong to a range. */
enum AreaRange {
  ALL(0, 1e10),
  SMALL(0, 32 * 32),
  MEDIUM(32 * 32, 96 * 96),
  LARGE(96 * 96, 1e10);

  /** Those that are measured apart, in order. */
  static final List<AreaRange> SIZES = List.of(SMALL, MEDIUM, LARGE);

  private final double from;
  private final double to;

  AreaRange(double from, double to) {
    this.from = from;
    this.to = to;
  }

  /** In the names of scores: {@code s}, {@code m} or {@code l}. */
  String letter() {
    return name().substring(0, 1).toLowerCase(Locale.ROOT);
  }

  boolean contains(double area) {
    return from <= area && area <= to;
  }
}
