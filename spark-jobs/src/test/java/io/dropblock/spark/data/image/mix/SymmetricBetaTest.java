package io.dropblock.spark.data.image.mix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.spark.data.KeyedRandom;
import java.util.Arrays;
import org.apache.commons.math3.distribution.BetaDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against the exact distribution: moments by formula, the whole of it by Kolmogorov's test. */
class SymmetricBetaTest {
  private static final int DRAWS = 100_000;

  private static double[] draws(double alpha) {
    double[] draws = new double[DRAWS];
    for (int i = 0; i < DRAWS; i++) {
      // as in training: a generator for each micro-batch
      draws[i] = new SymmetricBeta(alpha).draw(KeyedRandom.of(21, i));
    }
    return draws;
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.05, 0.2, 0.5, 0.99, 1, 2, 3.7, 100})
  void hasTheMomentsOfTheFormula(double alpha) {
    double[] draws = draws(alpha);
    // of x - 1/2: the second and the fourth moment, the third is 0
    double second = 1 / (4 * (2 * alpha + 1));
    double fourth = 3 / (16 * (2 * alpha + 1) * (2 * alpha + 3));
    double mean = Arrays.stream(draws).average().orElseThrow();
    double square = Arrays.stream(draws).map(x -> (x - 0.5) * (x - 0.5)).average().orElseThrow();
    assertThat(mean).isCloseTo(0.5, within(4 * Math.sqrt(second / DRAWS)));
    assertThat(square).isCloseTo(second, within(4 * Math.sqrt((fourth - second * second) / DRAWS)));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.05, 0.2, 0.5, 0.99, 1, 2, 3.7, 100})
  void followsTheDistribution(double alpha) {
    double[] draws = draws(alpha);
    Arrays.sort(draws);
    BetaDistribution exact = new BetaDistribution(alpha, alpha);
    double distance = 0;
    for (int i = 0; i < DRAWS; i++) {
      double below = exact.cumulativeProbability(draws[i]);
      // draws at the ends are equal where a double ends, which the distribution is not
      if (draws[i] > 1e-12 && draws[i] < 1 - 1e-12) {
        distance = Math.max(distance, Math.abs(below - (i + 0.5) / DRAWS));
      }
    }
    // exceeded by chance in one of a thousand; the seed is fixed
    assertThat(distance).isLessThan(1.95 / Math.sqrt(DRAWS));
  }

  /** Where {@code u^(1 / alpha)} is 0 as a double, both of them would be. */
  @Test
  void staysANumberForTheSmallestAlphas() {
    int low = 0;
    for (int i = 0; i < 1_000; i++) {
      double draw = new SymmetricBeta(1e-4).draw(KeyedRandom.of(2, i));
      assertThat(draw).isBetween(0.0, 1.0);
      low += draw < 0.5 ? 1 : 0;
    }
    assertThat(low).isBetween(430, 570);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.2, 100.5, Double.NaN, Double.POSITIVE_INFINITY})
  void refusesWhatIsNoParameter(double alpha) {
    assertThatThrownBy(() -> new Mixup(alpha))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid mixup: alpha %s is not above 0 and at most 100", alpha);
    assertThatThrownBy(() -> new Cutmix(alpha))
        .hasMessage("Invalid cutmix: alpha %s is not above 0 and at most 100", alpha);
  }
}
