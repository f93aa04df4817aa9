package io.dropblock.spark.tune;

import java.util.List;
import org.apache.commons.math3.distribution.TDistribution;

/**
 * How fast a trial was.
 *
 * @param imagesPerSecond all ranks together
 * @param spread half the width of its 95 % confidence interval, as the slices scatter; infinite
 *     with fewer than two of them
 * @param slices that it was measured in
 */
public record Speed(double imagesPerSecond, double spread, int slices) {
  private static final double UPPER = 0.975;

  /**
   * Of slices: all images by all seconds, with the standard error of such a ratio (Cochran,
   * Sampling Techniques, 1977, chapter 6, without the correction for small populations) times
   * Student's t. Slices count as independent of each other.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Speed of(List<Slice> slices) {
    int n = slices.size();
    if (n == 0) {
      throw new IllegalArgumentException("Cannot tell a speed: no steps were measured");
    }
    double seconds = slices.stream().mapToDouble(Slice::seconds).sum();
    double rate = slices.stream().mapToDouble(Slice::images).sum() / seconds;
    if (n == 1) {
      return new Speed(rate, Double.POSITIVE_INFINITY, n);
    }
    double squares =
        slices.stream()
            .mapToDouble(slice -> slice.images() - rate * slice.seconds())
            .map(off -> off * off)
            .sum();
    double error = Math.sqrt(squares / ((double) n * (n - 1))) * n / seconds;
    return new Speed(rate, new TDistribution(n - 1).inverseCumulativeProbability(UPPER) * error, n);
  }
}
