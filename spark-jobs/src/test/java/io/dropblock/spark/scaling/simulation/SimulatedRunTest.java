package io.dropblock.spark.scaling.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.spark.scaling.Bound;
import io.dropblock.spark.scaling.StepTime;
import io.dropblock.spark.scaling.Stragglers;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimulatedRunTest {
  private static final double NEVER = Double.POSITIVE_INFINITY;

  /** 8 slots of a second, whatever else. */
  private static StepTime step(int ranks) {
    return new StepTime((8 + ranks - 1) / ranks, 0, 0, 0, 0, Bound.COMPUTE);
  }

  private static PlannedWork work(int epochs, int steps, double spread) {
    return new PlannedWork(epochs, steps, 3, SimulatedRunTest::step, spread);
  }

  private static FailurePlan hosts(double hostSeconds, int spares) {
    return new FailurePlan(8, 1, spares, hostSeconds, 5, 15, 400, 10, 4);
  }

  private static double sum(LostTime run) {
    return run.lost().values().stream().mapToDouble(Double::doubleValue).sum();
  }

  /** Exactly what the formula says: steps, epochs' ends, checkpoints. */
  @Test
  void whereNothingHappensItIsAFormula() {
    // 3 epochs of 10 steps of a second; of each the 4th, the 8th and the last are kept
    LostTime run =
        SimulatedRun.of(work(3, 10, 0), hosts(NEVER, 0), new CheckpointPlan(4, 0.25, 1, 60), 1);

    assertThat(run.ideal()).isEqualTo(3 * (10 + 3));
    assertThat(run.total()).isEqualTo(3 * (10 + 3 + 3 * 0.25));
    assertThat(run.lost().get(Cause.CHECKPOINTS)).isEqualTo(9 * 0.25);
    assertThat(sum(run)).isEqualTo(9 * 0.25);
    assertThat(run.failures()).isZero();
  }

  /** A checkpoint every second that takes three to write: steps wait, and none is written twice. */
  @Test
  void aSlowStoreHoldsStepsUp() {
    LostTime run =
        SimulatedRun.of(work(1, 10, 0), hosts(NEVER, 0), new CheckpointPlan(1, 0, 3, 60), 1);

    // behind the first one each waits until the one before is written; the epoch's end takes 3
    assertThat(run.lost().get(Cause.CHECKPOINTS)).isEqualTo(8 * 2);
    LostTime impatient =
        SimulatedRun.of(work(1, 10, 0), hosts(NEVER, 0), new CheckpointPlan(1, 0, 3.5, 1), 1);
    // begun at 1; at 2 a second is waited in vain, at 4 the 0.5 that are left; and so on
    assertThat(impatient.lost().get(Cause.CHECKPOINTS)).isCloseTo(4 * 1.5, within(1e-9));
  }

  /** Whatever happens, the time of the run is what is told of it. */
  @ParameterizedTest
  @CsvSource({"8000,0", "3000,2", "30000,0"})
  void everySecondIsSomebodys(double hostSeconds, int spares) {
    for (int seed = 0; seed < 20; seed++) {
      LostTime run =
          SimulatedRun.of(
              work(4, 500, 0.2),
              hosts(hostSeconds, spares),
              new CheckpointPlan(20, 0.3, 7, 60),
              seed);

      assertThat(run.ideal() + sum(run)).isCloseTo(run.total(), within(1e-6));
      assertThat(run.ideal()).isCloseTo(4 * (500 + 3), within(1e-6));
      assertThat(run.lost().values()).allSatisfy(lost -> assertThat(lost).isNotNegative());
    }
  }

  @Test
  void equalSeedsAreEqualRuns() {
    List<LostTime> runs = new ArrayList<>();
    for (long seed : new long[] {1, 1, 2}) {
      runs.add(
          SimulatedRun.of(
              work(2, 500, 0.1), hosts(4000, 0), new CheckpointPlan(20, 0.3, 7, 60), seed));
    }

    assertThat(runs.get(0)).isEqualTo(runs.get(1)).isNotEqualTo(runs.get(2));
  }

  /** The waits are those of the expected slowest. */
  @Test
  void slowRanksCostWhatIsExpected() {
    double spread = 0.2;
    PlannedWork work = work(1, 20_000, spread);
    LostTime run = SimulatedRun.of(work, hosts(NEVER, 0), new CheckpointPlan(20_000, 0, 0, 60), 3);
    double each = Stragglers.ofSpread(spread).slowest(8) - 1;

    assertThat(run.lost().get(Cause.SLOW_RANKS))
        .isCloseTo(20_000 * each, Percentage.withPercentage(1));
  }

  /** Daly's expected time, of steps that are short beside everything else, with spare hosts. */
  @ParameterizedTest
  @CsvSource({"20", "60", "200"})
  void failuresCostWhatDalySays(int every) {
    int steps = 6000;
    double cost = 4;
    double between = 600;
    FailurePlan plan = new FailurePlan(8, 8, 1_000_000, 8 * between, 5, 15, 1, 0, 1000);
    PlannedWork work = new PlannedWork(1, steps, 0, SimulatedRunTest::step, 0);
    int runs = 400;
    double[] total =
        IntStream.range(0, runs)
            .parallel()
            .mapToDouble(
                seed ->
                    SimulatedRun.of(work, plan, new CheckpointPlan(every, cost, 0, 60), seed)
                        .total())
            .toArray();
    double mean = IntStream.range(0, runs).mapToDouble(i -> total[i]).average().orElseThrow();
    double square =
        IntStream.range(0, runs).mapToDouble(i -> Math.pow(total[i] - mean, 2)).sum() / (runs - 1);

    double daly = new CheckpointInterval(cost, between).expected(steps, every, 20);

    assertThat(mean).isCloseTo(daly, within(4 * Math.sqrt(square / runs)));
    assertThat(Math.sqrt(square / runs) / daly).as("it is sharp").isLessThan(0.01);
  }

  /** The best interval of a sweep is the one that Young's formula is nearest to. */
  @Test
  void theBestIntervalIsYoungs() {
    double cost = 4;
    double between = 5000;
    FailurePlan plan = new FailurePlan(8, 8, 1_000_000, 8 * between, 5, 15, 1, 0, 1000);
    PlannedWork work = new PlannedWork(1, 40_000, 0, SimulatedRunTest::step, 0);
    // 200 seconds, so 200 steps
    double young = new CheckpointInterval(cost, between).young();
    assertThat(young).isCloseTo(200, within(1e-9));

    List<SweptInterval> swept =
        new IntervalSweep(work, plan, new CheckpointPlan(1, cost, 0, 60), 1, 100)
            .over(List.of(25, 50, 100, 200, 400, 800, 1600), done -> {});

    assertThat(IntervalSweep.best(swept).every()).isBetween(100, 400);
    double atYoung = swept.get(3).lost().mean();
    assertThat(atYoung)
        .isLessThan(swept.get(1).lost().mean())
        .isLessThan(swept.get(5).lost().mean());
  }

  /** Seven ranks share eight slots out: one has two, and the others wait for it. */
  @Test
  void withoutASpareHostStepsTakeTwiceAsLong() {
    LostTime few =
        SimulatedRun.of(work(1, 5000, 0), hosts(20_000, 0), new CheckpointPlan(20, 0, 1, 60), 5);
    LostTime spare =
        SimulatedRun.of(work(1, 5000, 0), hosts(20_000, 3), new CheckpointPlan(20, 0, 1, 60), 5);

    assertThat(few.failures()).isPositive();
    // a host is away for 400 seconds, in which half the steps are done, and the restart's of them
    assertThat(few.lost().get(Cause.FEWER_RANKS) / few.failures()).isBetween(100., 220.);
    assertThat(spare.lost().get(Cause.FEWER_RANKS)).isZero();
    FailurePlan waiting = new FailurePlan(8, 8, 0, 20_000, 5, 15, 400, 10, 4);
    LostTime waited =
        SimulatedRun.of(work(1, 5000, 0), waiting, new CheckpointPlan(20, 0, 1, 60), 5);
    assertThat(waited.lost().get(Cause.FEWER_RANKS) / waited.failures()).isBetween(300., 400.);
  }

  @Test
  void whatNeverComesToACheckpointNeverEnds() {
    LostTime run =
        SimulatedRun.of(
            work(1, 1000, 0), hosts(8 * 20, 1000), new CheckpointPlan(500, 0, 1, 60), 1);

    assertThat(run.total()).isInfinite();
    assertThat(run.givenUp()).isPositive();
  }

  @Test
  void youngsFormula() {
    // a minute, and a day between failures
    assertThat(new CheckpointInterval(60, 86_400).young()).isCloseTo(3220, within(1.0));
    CheckpointInterval rare = new CheckpointInterval(1, 1e6);
    double best = rare.young();
    assertThat(rare.expected(1e5, best, 10))
        .isLessThan(rare.expected(1e5, best / 1.2, 10))
        .isLessThan(rare.expected(1e5, best * 1.2, 10));
  }
}
