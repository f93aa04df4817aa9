package io.dropblock.spark.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.special.Erf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against order statistics that have a closed form, and against chance. */
class StragglersTest {
  private static final double TIGHT = 1e-9;

  /** The mean of the largest of n exponentials is the n-th harmonic number. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 10, 512})
  void theSlowestOfExponentialsIsTheHarmonicNumber(int count) {
    double harmonic = IntStream.rangeClosed(1, count).mapToDouble(k -> 1.0 / k).sum();

    double found =
        Stragglers.expectedMaximum(z -> -Math.log(Erf.erfc(z / Math.sqrt(2)) / 2), count);

    assertThat(found).isCloseTo(harmonic, within(1e-7));
  }

  /**
   * Known for 2 to 5: Bose and Gupta, Moments of order statistics from a normal population, 1959.
   */
  @Test
  void theLargestOfNormals() {
    double pi = Math.PI;
    assertThat(normals(1)).isCloseTo(0, within(TIGHT));
    assertThat(normals(2)).isCloseTo(1 / Math.sqrt(pi), within(TIGHT));
    assertThat(normals(3)).isCloseTo(3 / (2 * Math.sqrt(pi)), within(TIGHT));
    double four = 3 / Math.sqrt(pi) * (0.5 + Math.asin(1.0 / 3) / pi);
    assertThat(normals(4)).isCloseTo(four, within(TIGHT));
    double five = 5 / Math.sqrt(pi) * (0.25 + 3 * Math.asin(1.0 / 3) / (2 * pi));
    assertThat(normals(5)).isCloseTo(five, within(TIGHT));
  }

  private static double normals(int count) {
    return Stragglers.expectedMaximum(z -> z, count);
  }

  /** Of two lognormals of mean 1 it is 2 N(sigma / sqrt 2). */
  @ParameterizedTest
  @ValueSource(doubles = {0.01, 0.1, 0.5, 1})
  void theSlowerOfTwoLognormals(double spread) {
    Stragglers of = Stragglers.ofSpread(spread);
    double expected = 2 * new NormalDistribution().cumulativeProbability(of.sigma() / Math.sqrt(2));

    assertThat(of.slowest(2)).isCloseTo(expected, within(TIGHT));
    assertThat(of.slowest(1)).isEqualTo(1);
  }

  @Test
  void theSpreadIsThatOfTheTimes() {
    double spread = 0.3;
    Stragglers of = Stragglers.ofSpread(spread);
    double square =
        Stragglers.expectedMaximum(z -> Math.exp(2 * of.sigma() * (z - of.sigma() / 2)), 1);

    assertThat(Math.sqrt(square - 1)).isCloseTo(spread, within(TIGHT));
  }

  @Test
  void withoutASpreadNobodyIsSlow() {
    assertThat(Stragglers.ofSpread(0).slowest(512)).isEqualTo(1);
    assertThat(Stragglers.ofSpread(0).drawSlowest(512, new SplittableRandom(1))).isEqualTo(1);
  }

  /** 512 ranks drawn one by one, and the slowest drawn at once. */
  @Test
  void chanceAgreesWithTheExpectation() {
    Stragglers of = Stragglers.ofSpread(0.2);
    int count = 512;
    SplittableRandom random = new SplittableRandom(7);
    double[] byOne = new double[4000];
    double[] atOnce = new double[byOne.length];
    for (int i = 0; i < byOne.length; i++) {
      for (int rank = 0; rank < count; rank++) {
        double time = Math.exp(of.sigma() * (random.nextGaussian() - of.sigma() / 2));
        byOne[i] = Math.max(byOne[i], time);
      }
      atOnce[i] = of.drawSlowest(count, random);
    }

    assertMean(byOne, of.slowest(count));
    assertMean(atOnce, of.slowest(count));
    assertThat(deviation(atOnce)).isCloseTo(deviation(byOne), within(0.1 * deviation(byOne)));
  }

  private static void assertMean(double[] values, double expected) {
    double error = deviation(values) / Math.sqrt(values.length);
    assertThat(mean(values)).isCloseTo(expected, within(4 * error));
  }

  private static double mean(double[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).average().orElseThrow();
  }

  private static double deviation(double[] values) {
    double mean = mean(values);
    return Math.sqrt(
        IntStream.range(0, values.length)
            .mapToDouble(i -> (values[i] - mean) * (values[i] - mean))
            .average()
            .orElseThrow());
  }
}
