package io.dropblock.spark.scaling;

import java.util.function.DoubleUnaryOperator;
import java.util.random.RandomGenerator;
import org.apache.commons.math3.special.Erf;

/**
 * How much longer than a rank the slowest of several takes: each takes a lognormal time of mean 1,
 * independent of the others and of its own time in the step before.
 *
 * @param sigma deviation of the time's logarithm
 */
public record Stragglers(double sigma) {
  private static final double ROOT = Math.sqrt(2);

  /** The normal density is below 1e-20 beyond. */
  private static final double FAR = 9.5;

  private static final double FINE = 1 / 128.0;

  /** Smaller shares are not told from 0 by {@code 1 - 2 q}. */
  private static final double LEAST = 1e-15;

  /**
   * Those of a coefficient of variation.
   *
   * @param spread deviation over mean, 0 or more
   */
  public static Stragglers ofSpread(double spread) {
    return new Stragglers(Math.sqrt(Math.log1p(spread * spread)));
  }

  /** A rank's time for a standard normal number. */
  private double time(double normal) {
    return Math.exp(sigma * (normal - sigma / 2));
  }

  /**
   * The expected time of the slowest, for a mean of 1.
   *
   * @param count ranks, 1 or more
   */
  public double slowest(int count) {
    return sigma == 0 || count == 1 ? 1 : expectedMaximum(this::time, count);
  }

  /** A time of the slowest, by chance. */
  public double drawSlowest(int count, RandomGenerator random) {
    if (sigma == 0) {
      return 1;
    }
    // 1 - u^(1 / count), so that nothing is lost near 1
    double above = -Math.expm1(Math.log(1 - random.nextDouble()) / count);
    return time(ROOT * Erf.erfInv(1 - 2 * Math.max(LEAST, above)));
  }

  /**
   * The expected maximum of independent values, by the rectangle rule, which is exact to many
   * digits for what is smooth and vanishes at both ends.
   *
   * @param ofNormal the value for a standard normal number, rising: any distribution is one
   * @param count values, 1 or more
   */
  static double expectedMaximum(DoubleUnaryOperator ofNormal, int count) {
    double sum = 0;
    int places = (int) (FAR / FINE);
    for (int i = -places; i <= places; i++) {
      double z = i * FINE;
      double below = Erf.erfc(-z / ROOT) / 2;
      double density = Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
      sum += ofNormal.applyAsDouble(z) * count * density * Math.pow(below, count - 1);
    }
    return sum * FINE;
  }
}
