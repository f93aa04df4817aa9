package io.dropblock.spark.allreduce;

import io.dropblock.nn.DropBlockSites;
import io.dropblock.nn.DropBlockStep;
import org.apache.spark.TaskContext;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.api.TrainingHook;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** Tells DropBlock the step, from DL4J's counter, and where a rank's samples begin. */
record MaskHook(int localBatch) implements TrainingHook {

  void setStep(ComputationGraph network, int rank) {
    int step = network.getConfiguration().getIterationCount();
    DropBlockSites.of(network).set(new DropBlockStep(.8, 7, step, (long) rank * localBatch));
  }

  @Override
  public void preUpdate(MultiDataSet batch, Model model) {
    setStep((ComputationGraph) model, TaskContext.getPartitionId());
  }

  @Override
  public void postUpdate(MultiDataSet batch, Model model) {}

  @Override
  public void preUpdate(DataSet batch, Model model) {}

  @Override
  public void postUpdate(DataSet batch, Model model) {}
}
