package io.dropblock.spark.data.image.mix;

import java.util.random.RandomGenerator;

/**
 * The distribution Beta(alpha, alpha), by two gamma variates: {@code g1 / (g1 + g2)}. They are
 * those of Marsaglia and Tsang (A simple method for generating gamma variables, ACM TOMS 26, 2000),
 * for alpha below 1 that of {@code alpha + 1} times {@code u^(1 / alpha)}, on normal variates of
 * Marsaglia's polar method. Counted in logarithms, as {@code u^(1 / alpha)} may be too small for a
 * double, and by StrictMath, which is the same on every machine.
 *
 * @param alpha above 0 and at most 100
 */
record SymmetricBeta(double alpha) {
  private static final double MOST = 100;

  /**
   * Checks a parameter.
   *
   * @throws IllegalArgumentException if it is out of range
   */
  static void require(double alpha, String of) {
    if (!(alpha > 0 && alpha <= MOST)) {
      throw new IllegalArgumentException(
          "Invalid " + of + ": alpha " + alpha + " is not above 0 and at most 100");
    }
  }

  /** In [0, 1]. */
  double draw(RandomGenerator random) {
    double first = logGamma(random);
    double second = logGamma(random);
    return 1 / (1 + StrictMath.exp(second - first));
  }

  /** The logarithm of a gamma variate of shape alpha. */
  private double logGamma(RandomGenerator random) {
    if (alpha >= 1) {
      return logGammaFromOneOn(alpha, random);
    }
    double log = logGammaFromOneOn(alpha + 1, random);
    return log + logUniform(random) / alpha;
  }

  private static double logGammaFromOneOn(double shape, RandomGenerator random) {
    double d = shape - 1.0 / 3;
    double c = 1 / Math.sqrt(9 * d);
    while (true) {
      double x = normal(random);
      double root = 1 + c * x;
      if (root > 0) {
        double v = root * root * root;
        double log = StrictMath.log(v);
        if (logUniform(random) < x * x / 2 + d - d * v + d * log) {
          return StrictMath.log(d) + log;
        }
      }
    }
  }

  private static double normal(RandomGenerator random) {
    while (true) {
      double x = 2 * random.nextDouble() - 1;
      double y = 2 * random.nextDouble() - 1;
      double square = x * x + y * y;
      if (square > 0 && square < 1) {
        return x * Math.sqrt(-2 * StrictMath.log(square) / square);
      }
    }
  }

  /** Of (0, 1]. */
  private static double logUniform(RandomGenerator random) {
    return StrictMath.log(1 - random.nextDouble());
  }
}
