package io.dropblock.spark.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.data.KeyedRandom;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class JitterTest {
  private static final int TRIALS = 20_000;

  /** Kolmogorov and Smirnov's distance, of which 1.95 / sqrt(n) is passed once in a thousand. */
  private static void assertUniform(double[] values, double from, double to) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double distance = 0;
    for (int i = 0; i < sorted.length; i++) {
      double expected = (sorted[i] - from) / (to - from);
      distance = Math.max(distance, Math.abs(expected - (i + 0.5) / sorted.length));
    }
    assertThat(distance).isLessThan(1.95 / Math.sqrt(sorted.length));
  }

  @Test
  void longSidesAreUniformAndKeepTheAspect() {
    Jitter jitter = new Jitter(true, 0.8, 1.2);
    double[] sides = new double[TRIALS];
    int mirrored = 0;
    for (int i = 0; i < TRIALS; i++) {
      Placement placement = jitter.draw(427, 640, 640, KeyedRandom.of(i));
      mirrored += placement.mirror() ? 1 : 0;
      // A whole number below what was drawn.
      sides[i] = placement.scaledHeight() + KeyedRandom.of(i, 2).nextDouble();
      assertThat(placement.scaledHeight()).isBetween(512, 767);
      assertThat(placement.scaledWidth()).isEqualTo(427 * placement.scaledHeight() / 640);
    }
    assertUniform(sides, 512, 768);
    assertThat(Math.abs(mirrored - TRIALS / 2.0)).isLessThan(4 * Math.sqrt(TRIALS * 0.25));
  }

  @Test
  void placesAreUniformWhereThereIsSomethingToCut() {
    Jitter jitter = new Jitter(false, 1.5, 1.5);
    double[] lefts = new double[TRIALS];
    double[] tops = new double[TRIALS];
    for (int i = 0; i < TRIALS; i++) {
      Placement placement = jitter.draw(300, 270, 100, KeyedRandom.of(i));
      assertThat(placement.left()).isBetween(0, 50);
      assertThat(placement.top()).isBetween(0, 35);
      assertThat(placement.columns()).isEqualTo(100);
      assertThat(placement.rows()).isEqualTo(100);
      lefts[i] = placement.left() + KeyedRandom.of(i, 2).nextDouble();
      tops[i] = placement.top() + KeyedRandom.of(i, 3).nextDouble();
    }
    assertUniform(lefts, 0, 51);
    assertUniform(tops, 0, 36);
    Placement narrow = jitter.draw(20, 300, 100, KeyedRandom.of(1));
    assertThat(narrow.left()).isZero();
    assertThat(narrow.columns()).isEqualTo(10);
  }

  @Test
  void withoutJitterNothingIsDrawn() {
    assertThat(Jitter.NONE.draw(300, 200, 100, null))
        .isEqualTo(new Placement(300, 200, false, 100, 66, 0, 0, 100));
  }

  @Test
  void refusesScalesOutOfRange() {
    assertThatThrownBy(() -> new Jitter(true, 0, 1))
        .hasMessage("Invalid jitter: scales from 0.0 to 1.0 are not within 0 to 8");
    assertThatThrownBy(() -> new Jitter(true, 2, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Jitter(true, 1, 9)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Jitter(true, Double.NaN, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
