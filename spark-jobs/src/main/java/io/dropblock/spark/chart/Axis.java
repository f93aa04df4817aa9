package io.dropblock.spark.chart;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/**
 * The values along an edge of a chart, from one round number to another.
 *
 * @param least the first
 * @param step between two marks: 1, 2 or 5 times a power of ten
 * @param steps how many
 */
record Axis(double least, double step, int steps) {
  /**
   * An axis that holds a range.
   *
   * @param from finite
   * @param to finite, at least {@code from}
   * @param marks that it has at most, about
   * @param whole whether marks are whole numbers
   */
  static Axis over(double from, double to, int marks, boolean whole) {
    if (to <= from) {
      // one value: in the middle, a mark to both sides
      double beside = whole ? 1 : Math.max(Math.abs(from), 1e-3) / marks;
      return over(from - beside, from + beside, 2, whole);
    }
    double wanted = (to - from) / marks;
    double power = Math.pow(10, Math.floor(Math.log10(wanted)));
    double step = 10 * power;
    for (int factor : List.of(5, 2, 1)) {
      step = factor * power >= wanted * .999999 ? factor * power : step;
    }
    if (whole) {
      step = Math.max(1, Math.rint(step));
    }
    double first = Math.floor(from / step + 1e-9);
    double last = Math.max(Math.ceil(to / step - 1e-9), first + 1);
    return new Axis(first * step, step, (int) (last - first));
  }

  double most() {
    return least + steps * step;
  }

  /** Where a value lies, 0 at the first mark, 1 at the last. */
  double share(double value) {
    return (value - least) / (steps * step);
  }

  List<Double> marks() {
    List<Double> marks = new ArrayList<>();
    for (int i = 0; i <= steps; i++) {
      marks.add(least + i * step);
    }
    return marks;
  }

  /** A mark in as many digits as tell it from its neighbours. */
  String label(double mark) {
    int digits = (int) Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    if (digits > 6 || Math.abs(mark) >= 1e7) {
      int places = (int) Math.ceil(Math.log10(Math.max(Math.abs(mark), step) / step) + 1e-9);
      return BigDecimal.valueOf(mark)
          .round(new MathContext(Math.max(1, places + 1)))
          .stripTrailingZeros()
          .toString();
    }
    return BigDecimal.valueOf(mark).setScale(digits, RoundingMode.HALF_EVEN).toPlainString();
  }
}
