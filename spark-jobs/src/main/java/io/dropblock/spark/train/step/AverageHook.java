package io.dropblock.spark.train.step;

import io.dropblock.nn.average.MovingAverage;
import org.apache.spark.broadcast.Broadcast;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.api.TrainingHook;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * Keeps the moving average of a rank's weights. Each rank has one: all of them wait for the slowest
 * anyway, and whichever of them goes on with the network in the next epoch has it.
 */
final class AverageHook implements TrainingHook {
  private static final long serialVersionUID = 1L;

  private final Broadcast<EpochPlan> plan;

  AverageHook(Broadcast<EpochPlan> plan) {
    this.plan = plan;
  }

  @Override
  public void postUpdate(MultiDataSet minibatch, Model model) {
    update(plan.value(), ((StepBatch) minibatch).step(), (ComputationGraph) model);
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

  @Override
  public void preUpdate(MultiDataSet minibatch, Model model) {}

  @Override
  public void preUpdate(DataSet minibatch, Model model) {}

  @Override
  public void postUpdate(DataSet minibatch, Model model) {}
}
