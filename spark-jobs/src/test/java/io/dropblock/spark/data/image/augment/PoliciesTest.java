package io.dropblock.spark.data.image.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.data.KeyedRandom;
import io.dropblock.spark.data.image.Image;
import io.dropblock.spark.data.image.Pictures;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How often a policy draws what, told by its results, which differ on this picture. */
class PoliciesTest {
  private static final int TRIALS = 60_000;

  private static long mark(Image image) {
    CRC32 sum = new CRC32();
    sum.update(image.rgb());
    return sum.getValue();
  }

  private static Image picture() throws Exception {
    return Pictures.expected(PoliciesTest.class, "torchvision");
  }

  private static void assertDrawn(AugmentPolicy policy, Map<Long, Double> shares) throws Exception {
    Image image = picture();
    Map<Long, Integer> counts = new HashMap<>();
    for (int seed = 0; seed < TRIALS; seed++) {
      counts.merge(mark(policy.apply(image, KeyedRandom.of(7, seed))), 1, Integer::sum);
    }
    assertThat(shares.values().stream().mapToDouble(d -> d).sum()).isBetween(1 - 1e-9, 1 + 1e-9);
    assertThat(counts.keySet()).isEqualTo(shares.keySet());
    shares.forEach(
        (result, share) ->
            assertThat(Math.abs(counts.get(result) - TRIALS * share))
                .as("%x", result)
                .isLessThan(5 * Math.sqrt(TRIALS * share * (1 - share))));
  }

  private static void add(Map<Long, Double> shares, PillowOp op, double magnitude, double share)
      throws Exception {
    for (int sign : op.isSigned() ? new int[] {1, -1} : new int[] {1}) {
      double part = op.isSigned() ? share / 2 : share;
      shares.merge(mark(op.apply(picture(), sign * magnitude)), part, Double::sum);
    }
  }

  @Test
  void randAugmentDrawsOperationsAndSigns() throws Exception {
    Map<Long, Double> shares = new HashMap<>();
    Magnitudes magnitudes = RandAugment.magnitudes(23, 17);
    for (PillowOp op : PillowOp.values()) {
      add(shares, op, magnitudes.of(op, 9), 1.0 / 14);
    }
    assertThat(shares).hasSizeGreaterThan(20);
    assertDrawn(new RandAugment(1, 9), shares);
  }

  @Test
  void randAugmentDoesOneOperationBehindTheOther() throws Exception {
    KeyedRandom one = KeyedRandom.of(3);
    RandAugment single = new RandAugment(1, 12);
    Image twice = single.apply(single.apply(picture(), one), one);
    Image both = new RandAugment(2, 12).apply(picture(), KeyedRandom.of(3));
    assertThat(both.rgb()).isEqualTo(twice.rgb()).isNotEqualTo(picture().rgb());
  }

  @Test
  void trivialAugmentDrawsMagnitudes() throws Exception {
    Map<Long, Double> shares = new HashMap<>();
    for (PillowOp op : PillowOp.values()) {
      for (int bin = 0; bin < 31; bin++) {
        add(shares, op, TrivialAugment.WIDE.of(op, bin), 1.0 / 14 / 31);
      }
    }
    assertThat(shares).hasSizeGreaterThan(300);
    assertDrawn(new TrivialAugment(), shares);
  }

  @ParameterizedTest
  @CsvSource({"0, 9", "15, 9", "2, -1", "2, 31"})
  void refusesNumbersOutOfRange(int operations, int magnitude) {
    assertThatThrownBy(() -> new RandAugment(operations, magnitude))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Invalid RandAugment: " + operations + " operations");
  }
}
