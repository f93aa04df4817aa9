package io.dropblock.spark.train.step;

import io.dropblock.spark.train.event.RunEvent;
import java.util.Optional;
import org.apache.spark.TaskContext;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** A rank that is slower than the others before each step; and who is slow behind each. */
final class SleepHook extends RankHook implements StepHook {
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
  public Optional<RunEvent> after(long stepsDone, ComputationGraph network) {
    sleep();
    return Optional.empty();
  }

  @Override
  void before(StepBatch batch, ComputationGraph network) {
    if (TaskContext.getPartitionId() == rank) {
      sleep();
    }
  }
}
