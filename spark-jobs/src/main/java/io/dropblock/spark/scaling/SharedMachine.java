package io.dropblock.spark.scaling;

/**
 * A machine that all ranks are on.
 *
 * @param processors that ranks of one thread share, at least 1
 * @param slowdown how many times as long a micro-batch takes beside others, as caches and memory
 *     are shared; measured with two ranks, above 0
 */
public record SharedMachine(int processors, double slowdown) {
  /**
   * @throws IllegalArgumentException if a number is out of its range
   */
  public SharedMachine {
    Positive.atLeast("number of processors", processors, 1);
    Positive.require("slowdown", slowdown);
  }
}
