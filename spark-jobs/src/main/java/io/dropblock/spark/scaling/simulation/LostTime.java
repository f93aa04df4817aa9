package io.dropblock.spark.scaling.simulation;

import java.util.Arrays;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * One simulated run.
 *
 * @param total seconds from the first step to the last; infinite where it never came to that
 * @param ideal seconds of the same without anything that costs time
 * @param lost seconds by what they went for; all causes, and together {@code total - ideal}
 * @param failures of hosts that took part
 * @param givenUp how often the run gave up, as failures followed each other without a checkpoint in
 *     between, and somebody had to resume it, which took no time
 */
public record LostTime(
    double total, double ideal, Map<Cause, Double> lost, int failures, int givenUp) {

  /** Copies the map. */
  public LostTime {
    lost = Map.copyOf(lost);
  }

  /** Of numbers for each cause. */
  static Map<Cause, Double> byCause(ToDoubleFunction<Cause> seconds) {
    return Arrays.stream(Cause.values())
        .collect(Collectors.toMap(cause -> cause, seconds::applyAsDouble));
  }
}
