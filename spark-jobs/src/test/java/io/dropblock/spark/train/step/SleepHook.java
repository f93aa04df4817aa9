package io.dropblock.spark.train.step;

import org.apache.spark.TaskContext;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.api.TrainingHook;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** A rank that is slower than the others before each step; and who is slow behind each. */
final class SleepHook implements TrainingHook, StepHook {
  static final long MILLIS = 60;
  private static final long serialVersionUID = 1L;

  private final int rank;

  SleepHook(int rank) {
    this.rank = rank;
  }

  private static void sleep() {
    try {
      Thread.sleep(MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void after(long stepsDone, ComputationGraph network) {
    sleep();
  }

  @Override
  public void preUpdate(MultiDataSet minibatch, Model model) {
    if (TaskContext.getPartitionId() == rank) {
      sleep();
    }
  }

  @Override
  public void postUpdate(MultiDataSet minibatch, Model model) {}

  @Override
  public void preUpdate(DataSet minibatch, Model model) {}

  @Override
  public void postUpdate(DataSet minibatch, Model model) {}
}
