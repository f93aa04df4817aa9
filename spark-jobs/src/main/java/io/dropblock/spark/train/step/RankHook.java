package io.dropblock.spark.train.step;

import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.api.TrainingHook;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** What a rank does around each step of its graph. */
abstract class RankHook implements TrainingHook {
  private static final long serialVersionUID = 1L;

  /** Before forward pass. */
  void before(StepBatch batch, ComputationGraph network) {}

  /** Behind the update. */
  void after(StepBatch batch, ComputationGraph network) {}

  @Override
  public final void preUpdate(MultiDataSet minibatch, Model model) {
    before((StepBatch) minibatch, (ComputationGraph) model);
  }

  @Override
  public final void postUpdate(MultiDataSet minibatch, Model model) {
    after((StepBatch) minibatch, (ComputationGraph) model);
  }

  @Override
  public final void preUpdate(DataSet minibatch, Model model) {
    throw new IllegalStateException("Cannot train a step of a network that is no graph");
  }

  @Override
  public final void postUpdate(DataSet minibatch, Model model) {
    throw new IllegalStateException("Cannot train a step of a network that is no graph");
  }
}
