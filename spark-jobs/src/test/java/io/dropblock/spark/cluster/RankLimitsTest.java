package io.dropblock.spark.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RankLimitsTest {
  @Test
  void asManyAsFindAPlace() {
    RankLimits limits = new RankLimits(8, 2, 0, Duration.ZERO);
    assertThat(limits.slots()).isEqualTo(8);
    assertThat(limits.ranks(2)).isEqualTo(2);
    assertThat(limits.ranks(7)).isEqualTo(7);
    assertThat(limits.ranks(9)).isEqualTo(8);
  }

  /** The evaluation takes turns with the least. */
  @Test
  void anEvaluationBesideThemHasItsSlotsWhereThereAreEnough() {
    RankLimits limits = new RankLimits(8, 2, 1, Duration.ZERO);
    assertThat(limits.slots()).isEqualTo(9);
    assertThat(limits.ranks(2)).isEqualTo(2);
    assertThat(limits.ranks(3)).isEqualTo(2);
    assertThat(limits.ranks(8)).isEqualTo(7);
    assertThat(limits.ranks(9)).isEqualTo(8);
  }

  @Test
  void aFixedWorldIsOneNumber() {
    assertThat(RankLimits.fixed(3).ranks(5)).isEqualTo(3);
    assertThatThrownBy(() -> new RankLimits(2, 3, 0, Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid limits: 3 to 2 ranks");
  }
}
