package io.dropblock.spark.allreduce;

import java.util.Locale;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.TaskContext;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.api.TrainingHook;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** Fails on one rank behind a step, at the first attempt of the stage. */
record FailingHook(int rank, int step) implements TrainingHook {

  @Override
  public void preUpdate(MultiDataSet batch, Model model) {}

  @Override
  public void postUpdate(MultiDataSet batch, Model model) {
    int trained = ((ComputationGraph) model).getConfiguration().getIterationCount();
    if (TaskContext.getPartitionId() == rank
        && BarrierTaskContext.get().stageAttemptNumber() == 0
        && trained == step) {
      throw new IllegalStateException(String.format(Locale.ROOT, "rank %d was told to fail", rank));
    }
  }

  @Override
  public void preUpdate(DataSet batch, Model model) {}

  @Override
  public void postUpdate(DataSet batch, Model model) {}
}
