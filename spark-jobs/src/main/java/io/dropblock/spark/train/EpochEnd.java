package io.dropblock.spark.train;

import io.dropblock.metric.Scores;
import io.dropblock.nn.NetworkState;
import io.dropblock.spark.train.checkpoint.Best;
import io.dropblock.spark.train.step.EpochPlan;

/**
 * What is known of an epoch whose steps are done.
 *
 * @param plan of the epoch
 * @param network behind its last step
 * @param scores of the validation images; null if they were not measured
 * @param best so far, this epoch included; null before the first evaluation
 */
public record EpochEnd(EpochPlan plan, NetworkState network, Scores scores, Best best) {

  /** The same when the validation images have been measured. */
  EpochEnd measured(Scores measured) {
    return new EpochEnd(plan, network, measured, Best.of(best, measured, plan.epoch()));
  }
}
