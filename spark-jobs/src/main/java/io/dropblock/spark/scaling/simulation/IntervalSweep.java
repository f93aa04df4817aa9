package io.dropblock.spark.scaling.simulation;

import io.dropblock.spark.scaling.Positive;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.LongStream;

/**
 * Runs by chance with several numbers of steps between two checkpoints, the same seeds for each.
 *
 * @param work to be trained
 * @param failures of hosts
 * @param checkpoints what one costs
 * @param seed of the first run
 * @param seeds runs for each interval, at least 1
 */
public record IntervalSweep(
    PlannedWork work, FailurePlan failures, CheckpointPlan checkpoints, long seed, int seeds) {
  /**
   * @throws IllegalArgumentException if there are no runs
   */
  public IntervalSweep {
    Positive.atLeast("number of seeds", seeds, 1);
  }

  /**
   * Simulates, on all processors; the figures do not depend on their number.
   *
   * @param every steps between two checkpoints, at least one number of them
   * @param done is told behind each interval how many are done
   * @return one for each number, in their order
   */
  public List<SweptInterval> over(List<Integer> every, IntConsumer done) {
    return every.stream()
        .map(
            steps -> {
              SweptInterval swept = over(steps);
              done.accept(every.indexOf(steps) + 1);
              return swept;
            })
        .toList();
  }

  private SweptInterval over(int steps) {
    CheckpointPlan plan = checkpoints.every(steps);
    return new SweptInterval(
        steps,
        LongStream.range(seed, seed + seeds)
            .parallel()
            .mapToObj(run -> SimulatedRun.of(work, failures, plan, run))
            .toList());
  }

  /** The one that loses least in the mean. */
  public static SweptInterval best(List<SweptInterval> swept) {
    return swept.stream()
        .min(Comparator.comparingDouble(interval -> interval.lost().mean()))
        .orElseThrow();
  }
}
