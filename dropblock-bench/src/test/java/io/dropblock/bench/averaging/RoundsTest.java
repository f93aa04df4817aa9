package io.dropblock.bench.averaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.bench.figure.MeasurementException;
import io.dropblock.bench.figure.Spread;
import io.dropblock.bench.process.Child;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rounds without Spark, between real processes. */
class RoundsTest {
  /** What the ring says before a round: 16 bytes. */
  private static final int ANNOUNCEMENT = 16;

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void ringChainAndBareTransferMoveTheBytesOfTheFormula(int world) {
    AveragingPlan plan = new AveragingPlan(3000, world, false, AveragingPace.QUICK);
    long formula = 2L * (world - 1) * 4 * 3000 / world;

    RoundsFigure ring = RingRounds.measure(plan, false);
    assertThat(ring.bytesSent()).isEqualTo(formula + ANNOUNCEMENT);
    assertThat(ring.milliseconds().least()).isPositive();
    RoundsFigure chain = ChainRounds.measure(plan, false);
    assertThat(chain.bytesSent()).isEqualTo((world == 2 ? 1 : 2) * 4 * 3000 + ANNOUNCEMENT);
    assertThat(chain.milliseconds().least()).isPositive();
    // Two segments a step in ring and chain of so few floats: a frame each, and 20 bytes of its own
    RoundsFigure encrypted = RingRounds.measure(plan, true);
    assertThat(encrypted.bytesSent()).isGreaterThanOrEqualTo(ring.bytesSent() + 3 * 20);
    RoundsFigure encryptedChain = ChainRounds.measure(plan, true);
    assertThat(encryptedChain.bytesSent()).isGreaterThanOrEqualTo(chain.bytesSent() + 2 * 20);
    RoundsFigure bare = LoopbackTransfer.measure(plan);
    assertThat(bare.bytesSent()).isEqualTo(formula);
    assertThat(bare.milliseconds().least()).isPositive();
  }

  /** With 40 MB a round a leak of one buffer a round is 200 MB. */
  @Test
  void roundsLeaveMemoryAsItWas() {
    AveragingPlan plan = new AveragingPlan(10_000_000, 2, false, AveragingPace.QUICK.ofRounds(10));

    RoundsFigure ring = RingRounds.measure(plan, false);
    assertThat(ring.residentGrowth()).isLessThan(40);
    assertThat(ring.heapGrowth()).isLessThan(10);
  }

  @Test
  void theSlowestRankIsTheRounds() {
    RoundsFigure figure =
        RoundsFigure.of(
            List.of(
                new RoundsReport(List.of(1.0, 5.0, 2.0), 10, 100, 1, 4),
                new RoundsReport(List.of(3.0, 4.0, 1.0), 20, 104, 2, 3)));

    assertThat(figure).isEqualTo(new RoundsFigure(new Spread(3, 2, 5), 15, 104, 2, 4));
  }

  @Test
  void memoryHasSettledAfterFiftyRoundsOrHalfOfThem() {
    assertThat(new RoundsJob(0, 2, 10, false, 0, 500).roundsUntilSettled()).isEqualTo(50);
    assertThat(new RoundsJob(0, 2, 10, false, 0, 9).roundsUntilSettled()).isEqualTo(4);
    assertThat(new RoundsJob(0, 2, 10, false, 0, 1).roundsUntilSettled()).isZero();
  }

  @Test
  void saysWhyAProcessCannotMeasure() {
    RoundsJob noRank = new RoundsJob(7, 2, 10, false, 0, 1);

    try (Child rank = Child.start(RingRounds.class, noRank, List.of("-Xmx64m"), Map.of())) {
      assertThatThrownBy(rank::answer)
          .isInstanceOf(MeasurementException.class)
          .hasMessage("Cannot be rank 7 of 2: ranks count from 0");
    }
    try (Child rank = Child.start(RoundsTest.class, noRank, List.of("-Xmx64m"), Map.of())) {
      assertThatThrownBy(rank::answer)
          .isInstanceOf(MeasurementException.class)
          .hasMessageStartingWith("its JVM ended with 1: ");
    }
  }
}
