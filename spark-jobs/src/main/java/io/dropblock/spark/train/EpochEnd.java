package io.dropblock.spark.train;

import io.dropblock.metric.Scores;
import io.dropblock.nn.NetworkState;
import io.dropblock.spark.evaluate.Evaluation;
import io.dropblock.spark.train.checkpoint.Best;
import io.dropblock.spark.train.step.EpochPlan;
import io.dropblock.spark.train.step.LayerHistograms;

/**
 * What is known of an epoch whose steps are done.
 *
 * @param plan of the epoch
 * @param network behind its last step
 * @param scores of the validation images; null if they were not measured
 * @param best so far, this epoch included; null before the first evaluation
 * @param evaluated what was found out about the validation images besides, by the network whose
 *     scores are the primary ones; null if they were not measured
 * @param layers of its network, those that are watched
 */
public record EpochEnd(
    EpochPlan plan,
    NetworkState network,
    Scores scores,
    Best best,
    Evaluation.Result evaluated,
    LayerHistograms layers) {

  /** Before the validation images are measured. */
  EpochEnd(EpochPlan plan, NetworkState network, Best best, LayerHistograms layers) {
    this(plan, network, null, best, null, layers);
  }

  /** The same when the validation images have been measured. */
  EpochEnd measured(Scores measured, Evaluation.Result result) {
    Best now = Best.of(best, measured, plan.epoch());
    return new EpochEnd(plan, network, measured, now, result, layers);
  }
}
