package io.dropblock.spark.scaling.comparison;

import io.dropblock.spark.scaling.Positive;

/**
 * Rounds between processes of one machine, as {@code bench averaging} measured them.
 *
 * @param world number of processes, at least 2
 * @param parameters floats of the array
 * @param ring seconds of a mean, the median
 * @param chain seconds of a sum from rank to rank of one array each, the median
 * @param few seconds that a step with next to no parameters takes beside the step itself
 */
public record MeasuredRounds(int world, long parameters, double ring, double chain, double few) {
  /**
   * @throws IllegalArgumentException if a number is out of its range
   */
  public MeasuredRounds {
    Positive.atLeast("number of ranks", world, 2);
    Positive.atLeast("number of parameters", parameters, 1);
    Positive.require("time of a ring's round", ring);
    Positive.require("time of a chain's round", chain);
    Positive.orZero("time of a round of few parameters", Math.max(0, few));
  }
}
