package io.dropblock.spark.scaling.simulation;

import io.dropblock.spark.scaling.Positive;

/**
 * When checkpoints are taken, and what one costs. There is one at each epoch's end, too.
 *
 * @param every steps between two within an epoch, at least 1; an epoch's or more for none
 * @param stall seconds that the ranks wait while the state is copied
 * @param write seconds that writing it takes, beside the steps; it counts only then
 * @param patience seconds that the ranks wait for the one before to be written; after that the
 *     checkpoint is left out
 */
public record CheckpointPlan(int every, double stall, double write, double patience) {
  /**
   * @throws IllegalArgumentException if a number is out of its range
   */
  public CheckpointPlan {
    Positive.atLeast("number of steps between checkpoints", every, 1);
    Positive.orZero("wait for a checkpoint", stall);
    Positive.orZero("time to write a checkpoint", write);
    Positive.orZero("patience for a checkpoint", patience);
  }

  /** The same with another number of steps between two. */
  public CheckpointPlan every(int steps) {
    return new CheckpointPlan(steps, stall, write, patience);
  }
}
