package io.dropblock.spark.train;

import java.io.Serializable;

/**
 * All that a rank has to know about an epoch, broadcast by the driver: ranks never count on their
 * own, since dl4j-spark loses a graph's counters on the way to the workers.
 *
 * @param epoch the epoch, from 0
 * @param firstStep the number of its first step in the whole run, from 0
 * @param steps how many steps it has, at least 1
 * @param keepProbability nominal keep probability of DropBlock
 * @param learningRate the updater's rate
 * @param seed the seed of the run
 */
public record EpochPlan(
    int epoch, long firstStep, int steps, Ramp keepProbability, Ramp learningRate, long seed)
    implements Serializable {

  /** The keep probability of a step of the run. */
  public double keepProbabilityAt(long step) {
    return keepProbability.at(index(step), steps);
  }

  /** The learning rate of a step of the run. */
  public double learningRateAt(long step) {
    return learningRate.at(index(step), steps);
  }

  private long index(long step) {
    if (step < firstStep || step >= firstStep + steps) {
      throw new IllegalArgumentException(
          "Invalid step: %d, epoch %d has steps %d to %d"
              .formatted(step, epoch, firstStep, firstStep + steps - 1));
    }
    return step - firstStep;
  }
}
