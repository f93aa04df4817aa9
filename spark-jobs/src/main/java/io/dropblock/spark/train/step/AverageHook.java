package io.dropblock.spark.train.step;

import io.dropblock.nn.average.MovingAverage;
import org.apache.spark.broadcast.Broadcast;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * Keeps the moving average of a rank's weights. Each rank has one: all of them wait for the slowest
 * anyway, and whichever of them goes on with the network in the next epoch has it.
 */
final class AverageHook extends RankHook {
  private static final long serialVersionUID = 1L;

  private final Broadcast<EpochPlan> plan;

  AverageHook(Broadcast<EpochPlan> plan) {
    this.plan = plan;
  }

  @Override
  void after(StepBatch batch, ComputationGraph model) {
    update(plan.value(), batch.step(), model);
  }

  /** Takes the weights in that a step has left, if it is the step's turn. */
  static void update(EpochPlan plan, long step, ComputationGraph network) {
    plan.averageDecay(step)
        .ifPresent(
            decay ->
                MovingAverage.in(network)
                    .orElseThrow(
                        () ->
                            new IllegalStateException(
                                "Cannot update the moving average of a network that has none"))
                    .update(decay));
  }
}
