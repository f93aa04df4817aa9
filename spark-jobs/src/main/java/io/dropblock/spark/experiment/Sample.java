package io.dropblock.spark.experiment;

import java.util.List;
import java.util.Locale;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.StatUtils;

/**
 * Numbers of the same kind, such as a score of several seeds.
 *
 * @param values one or more
 */
record Sample(List<Double> values) {
  private static final double CONFIDENCE = .95;

  Sample {
    values = List.copyOf(values);
    if (values.isEmpty()) {
      throw new IllegalArgumentException("Invalid sample: it is empty");
    }
  }

  double mean() {
    return StatUtils.mean(array());
  }

  /** The sample standard deviation, with n - 1; NaN of one value. */
  double deviation() {
    return values.size() < 2 ? Double.NaN : Math.sqrt(StatUtils.variance(array()));
  }

  /**
   * Half the width of the 95 % confidence interval of the mean, by Student's t; NaN of one value.
   */
  double halfInterval() {
    int n = values.size();
    return n < 2
        ? Double.NaN
        : new TDistribution(n - 1.0).inverseCumulativeProbability((1 + CONFIDENCE) / 2)
            * deviation()
            / Math.sqrt(n);
  }

  private double[] array() {
    return values.stream().mapToDouble(it -> it).toArray();
  }

  /**
   * Mean and deviation as people read them: {@code 76.51 +- 0.07}.
   *
   * @param factor 100 for shares in percent
   */
  String text(double factor) {
    return values.size() < 2
        ? String.format(Locale.ROOT, "%.2f", factor * mean())
        : String.format(Locale.ROOT, "%.2f +- %.2f", factor * mean(), factor * deviation());
  }

  /** A difference with its confidence interval: {@code +1.62 [+1.50, +1.74]}. */
  String interval(double factor) {
    double mean = factor * mean();
    double half = factor * halfInterval();
    return values.size() < 2
        ? String.format(Locale.ROOT, "%+.2f", mean)
        : String.format(Locale.ROOT, "%+.2f [%+.2f, %+.2f]", mean, mean - half, mean + half);
  }
}
