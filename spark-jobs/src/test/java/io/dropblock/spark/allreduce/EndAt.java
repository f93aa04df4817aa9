package io.dropblock.spark.allreduce;

import org.apache.spark.TaskContext;
import org.deeplearning4j.nn.api.Model;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** Asks for the end on one rank, when that has done some steps. */
final class EndAt implements StoppingHook {
  private static final long serialVersionUID = 1L;

  private final int rank;
  private final int steps;
  private int done;

  EndAt(int rank, int steps) {
    this.rank = rank;
    this.steps = steps;
  }

  @Override
  public boolean isAskedToStop() {
    return TaskContext.getPartitionId() == rank && done >= steps;
  }

  @Override
  public void preUpdate(MultiDataSet batch, Model model) {}

  @Override
  public void postUpdate(MultiDataSet batch, Model model) {
    done++;
  }

  @Override
  public void preUpdate(DataSet batch, Model model) {}

  @Override
  public void postUpdate(DataSet batch, Model model) {}
}
