package io.dropblock.spark.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KeyedRandomTest {
  @Test
  void isThePublishedGenerator() {
    // SplittableRandom is the JDK's own SplitMix64; from its state on, both must agree.
    long state = KeyedRandom.hash(1, 2, 3);
    java.util.SplittableRandom jdk = new java.util.SplittableRandom(state);
    KeyedRandom ours = KeyedRandom.of(1, 2, 3);
    for (int i = 0; i < 100; i++) {
      assertThat(ours.nextLong()).isEqualTo(jdk.nextLong());
    }
  }

  @Test
  void neverChanges() {
    // Stored data sets and checkpoints depend on these numbers.
    assertThat(KeyedRandom.hash(42, 7)).isEqualTo(GOLDEN_HASH);
    assertThat(KeyedRandom.of(42).permutation(10)).containsExactly(GOLDEN_ORDER);
  }

  private static final long GOLDEN_HASH = -4853381661121797779L;
  private static final int[] GOLDEN_ORDER = {1, 7, 3, 4, 9, 0, 2, 8, 6, 5};

  @Test
  void keysDifferByOrderAndLength() {
    assertThat(KeyedRandom.hash(1, 2)).isNotEqualTo(KeyedRandom.hash(2, 1));
    assertThat(KeyedRandom.hash(0))
        .isNotEqualTo(KeyedRandom.hash(0, 0))
        .isNotEqualTo(KeyedRandom.hash());
  }

  @Test
  void permutationsAreUniform() {
    int trials = 60_000;
    int[][] counts = new int[5][5];
    for (int trial = 0; trial < trials; trial++) {
      int[] order = KeyedRandom.of(trial).permutation(5);
      assertThat(IntStream.of(order).sorted().toArray()).containsExactly(0, 1, 2, 3, 4);
      for (int i = 0; i < 5; i++) {
        counts[i][order[i]]++;
      }
    }
    double sigma = Math.sqrt(trials * 0.2 * 0.8);
    for (int[] row : counts) {
      for (int count : row) {
        assertThat(Math.abs(count - trials * 0.2)).isLessThan(5 * sigma);
      }
    }
  }
}
