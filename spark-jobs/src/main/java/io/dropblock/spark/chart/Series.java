package io.dropblock.spark.chart;

import java.util.Arrays;

/**
 * A named curve.
 *
 * @param name shown in the legend
 * @param x finite and rising
 * @param y as many; those that are not finite interrupt the curve
 */
public record Series(String name, double[] x, double[] y) {
  /** Checks the lengths. */
  public Series {
    if (x.length != y.length) {
      throw new IllegalArgumentException(
          "Invalid curve '" + name + "': " + x.length + " places and " + y.length + " values");
    }
  }

  /**
   * The same of fewer points that look alike: of each group of neighbours the least and the
   * greatest, in their order.
   *
   * @param most points, at least 2
   */
  Series thinned(int most) {
    if (x.length <= most) {
      return this;
    }
    int groups = most / 2;
    double[] places = new double[2 * groups];
    double[] values = new double[2 * groups];
    for (int group = 0; group < groups; group++) {
      int from = (int) ((long) group * x.length / groups);
      int end = (int) ((long) (group + 1) * x.length / groups);
      int least = from;
      int greatest = from;
      for (int i = from; i < end; i++) {
        // comparisons with NaN are false; a group that begins with one takes the next number
        least = y[i] < y[least] || !Double.isFinite(y[least]) ? i : least;
        greatest = y[i] > y[greatest] || !Double.isFinite(y[greatest]) ? i : greatest;
      }
      int first = Math.min(least, greatest);
      int second = Math.max(least, greatest);
      places[2 * group] = x[first];
      values[2 * group] = y[first];
      places[2 * group + 1] = x[second];
      values[2 * group + 1] = y[second];
    }
    return new Series(name, places, values);
  }

  double least() {
    return Arrays.stream(y).filter(Double::isFinite).min().orElse(Double.NaN);
  }

  double greatest() {
    return Arrays.stream(y).filter(Double::isFinite).max().orElse(Double.NaN);
  }
}
