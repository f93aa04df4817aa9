package io.dropblock.spark.train;

import io.dropblock.nn.NetworkState;
import io.dropblock.spark.train.checkpoint.Best;
import io.dropblock.spark.train.step.EpochPlan;

/**
 * An epoch that was stopped.
 *
 * @param plan of the epoch
 * @param stepsDone of the epoch, 0 to all of them: with all of them it has not been measured
 * @param network behind the last of these
 * @param best before the epoch, null if there is none
 */
public record StoppedEpoch(EpochPlan plan, int stepsDone, NetworkState network, Best best) {

  /** Where the run goes on. */
  Epochs.Start next() {
    return new Epochs.Start(network, plan.epoch(), stepsDone, best);
  }

  /** Steps that are done in the run. */
  long step() {
    return plan.firstStep() + stepsDone;
  }
}
