package io.dropblock.spark.allreduce;

import io.dropblock.nn.DropBlockSites;
import io.dropblock.nn.DropBlockStep;
import java.util.ArrayList;
import org.apache.spark.TaskContext;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.api.TrainingHook;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * Tells DropBlock the step, and where a rank's samples begin where ranks have unequal shares.
 *
 * @param shares slots of each rank
 * @param slot samples of one
 */
record ShareHook(ArrayList<Integer> shares, int slot) implements TrainingHook {
  @Override
  public void preUpdate(MultiDataSet batch, Model model) {
    setStep((ComputationGraph) model, TaskContext.getPartitionId());
  }

  void setStep(ComputationGraph network, int rank) {
    int before = shares.stream().limit(rank).mapToInt(Integer::intValue).sum();
    DropBlockSites.of(network)
        .set(
            new DropBlockStep(
                .8, 7, network.getConfiguration().getIterationCount(), (long) before * slot));
  }

  @Override
  public void postUpdate(MultiDataSet batch, Model model) {}

  @Override
  public void preUpdate(DataSet batch, Model model) {}

  @Override
  public void postUpdate(DataSet batch, Model model) {}
}
