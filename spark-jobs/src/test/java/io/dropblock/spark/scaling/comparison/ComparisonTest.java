package io.dropblock.spark.scaling.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.spark.scaling.RingThread;
import java.util.List;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  /** 100 MB; a thread that moves 2 GB/s and adds 10 GB/s: 50 ms, and 10 ms for a whole array. */
  private static final long PARAMETERS = 25_000_000;

  private static MeasuredRounds rounds(int world, double ring, double chain) {
    return new MeasuredRounds(world, PARAMETERS, ring, chain, 0.5e-3);
  }

  private static MeasuredRun run(String name, int world, double step, double microBatch) {
    return new MeasuredRun(
        name,
        world,
        12,
        32,
        PARAMETERS,
        5000,
        3,
        step,
        microBatch,
        0.04,
        0,
        world == 1 ? 0 : Double.NaN,
        1,
        1);
  }

  @Test
  void takesTheRatesApart() {
    // on the ring half an array is added, and there are 2 ways behind each other; in the chain 3
    Calibration found = Calibration.of(rounds(2, 0.055 + 2e-4, 0.060 + 3e-4));

    assertThat(found.latency()).isEqualTo(1e-4);
    assertThat(found.thread().moved()).isCloseTo(2e9, Percentage.withPercentage(1e-6));
    assertThat(found.thread().added()).isCloseTo(1e10, Percentage.withPercentage(1e-6));
  }

  /** Noise: the chain cannot be faster than the ring. */
  @Test
  void anEqualTimeIsAllMoving() {
    Calibration found = Calibration.of(new MeasuredRounds(2, PARAMETERS, 0.055, 0.045, 0));

    assertThat(found.thread().moved()).isCloseTo(2e9, Percentage.withPercentage(1e-6));
    assertThat(found.thread().added()).isInfinite();
  }

  @Test
  void predictsMoreRanksThanItsConstantsAreOf() {
    List<Compared> compared =
        new Comparison(2, 1).rounds(List.of(rounds(4, 0.2, 0.2), rounds(2, 0.0552, 0.0603)));

    assertThat(compared).extracting(Compared::world).containsExactly(2, 2, 4, 4);
    assertThat(compared.get(0).source()).isTrue();
    assertThat(compared.get(0).ratio()).isCloseTo(1, Percentage.withPercentage(0.1));
    assertThat(compared.get(1).ratio()).isCloseTo(1, Percentage.withPercentage(0.1));
    // two processors: 6 arrays moved and 3 added by all, half of it each
    assertThat(compared.get(2).source()).isFalse();
    assertThat(compared.get(2).predicted())
        .isCloseTo(3 * 0.050 + 1.5 * 0.010, Percentage.withPercentage(1));
    assertThat(compared.get(2).measured()).isEqualTo(0.2);
  }

  @Test
  void predictsStepsFromARunOfOneAndOneOfTwo() {
    List<MeasuredRun> runs =
        List.of(run("a", 4, 4, 9), run("a", 1, 6.04, 0.5), run("a", 2, 4, 0.6), run("b", 1, 9, 1));
    Comparison comparison = new Comparison(2, 1);
    Calibration constants =
        new Calibration(new RingThread(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY), 0);

    List<Compared> steps = comparison.steps(runs, constants);

    assertThat(steps).extracting(Compared::world).containsExactly(1, 2, 4, 1);
    // 12 slots; of two ranks each has 6 of 0.6 s, and four share two processors, for the update,
    // too
    assertThat(steps.stream().mapToDouble(Compared::predicted).toArray())
        .containsExactly(new double[] {6.04, 3.64, 3.68, 12.04}, within(1e-9));
  }

  @Test
  void refusesWhatItCannotTakeConstantsFrom() {
    Comparison comparison = new Comparison(2, 1);
    assertThatThrownBy(() -> comparison.rounds(List.of(rounds(3, 1, 1))))
        .hasMessage("Cannot take constants: there are no rounds of 2 ranks");
    assertThatThrownBy(() -> Calibration.of(rounds(2, 0.01, 0.05)))
        .hasMessageContaining("measure again on a quiet machine");
    assertThatThrownBy(
            () ->
                comparison.steps(
                    List.of(run("a", 2, 1, 1)), Calibration.of(rounds(2, 0.0552, 0.0603))))
        .hasMessage("Cannot predict a: there is no run of 1 rank");
    assertThatThrownBy(() -> new Comparison(1, 1)).hasMessageContaining("1 is below 2");
  }
}
