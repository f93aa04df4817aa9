package io.dropblock.spark.train;

import org.apache.spark.TaskContext;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.api.TrainingHook;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** Lets rank 0 of a ring write the checkpoints within an epoch. */
final class CheckpointHook implements TrainingHook {
  private static final long serialVersionUID = 1L;

  private final StepCheckpoints checkpoints;

  CheckpointHook(StepCheckpoints checkpoints) {
    this.checkpoints = checkpoints;
  }

  @Override
  public void postUpdate(MultiDataSet minibatch, Model model) {
    if (TaskContext.getPartitionId() == 0) {
      checkpoints.after(((StepBatch) minibatch).step() + 1, (ComputationGraph) model);
    }
  }

  @Override
  public void preUpdate(MultiDataSet minibatch, Model model) {}

  @Override
  public void preUpdate(DataSet minibatch, Model model) {}

  @Override
  public void postUpdate(DataSet minibatch, Model model) {}
}
