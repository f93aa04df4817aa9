package io.dropblock.spark.chart;

import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Named values, each with how far it may be off.
 *
 * @param name shown in the legend
 * @param x finite and rising; empty for one value that holds everywhere
 * @param y finite, as many, or one
 * @param deviation as many, 0 or more; NaN where it is not known
 */
public record Estimates(String name, double[] x, double[] y, double[] deviation) {
  /** Checks the lengths. */
  public Estimates {
    if (y.length != deviation.length || y.length != (x.length == 0 ? 1 : x.length)) {
      throw new IllegalArgumentException(
          "Invalid values of '"
              + name
              + "': "
              + x.length
              + " places, "
              + y.length
              + " values and "
              + deviation.length
              + " deviations");
    }
  }

  /** The ends of a value's bar, which are the value itself where the deviation is not known. */
  double[] ends(int i) {
    double off = Double.isNaN(deviation[i]) ? 0 : deviation[i];
    return new double[] {y[i] - off, y[i] + off};
  }

  /** The ends of all bars. */
  DoubleStream ends() {
    return IntStream.range(0, y.length).boxed().flatMapToDouble(i -> DoubleStream.of(ends(i)));
  }
}
