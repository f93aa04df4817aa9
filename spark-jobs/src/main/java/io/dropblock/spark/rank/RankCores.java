package io.dropblock.spark.rank;

import io.dropblock.cpu.ComputeThreads;
import java.util.Locale;
import org.apache.spark.TaskContext;

/**
 * The cores of the running task: {@code spark.task.cpus}, or what the stage's resource profile says
 * in its place.
 *
 * @param count at least 1
 */
public record RankCores(int count) {

  /**
   * Those of the task that the calling thread runs.
   *
   * @throws IllegalStateException if it runs none
   */
  public static RankCores ofThisTask() {
    TaskContext task = TaskContext.get();
    if (task == null) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "Cannot tell the cores of a task: thread %s runs none",
              Thread.currentThread().getName()));
    }
    return new RankCores(task.cpus());
  }

  /**
   * Lets the calling thread, the task's own, compute with as many threads as there are cores,
   * itself included. Each task that computes does so first, before it makes a network: Spark's
   * threads run one task after another, and other tasks of the process have the other cores.
   */
  public void take() {
    ComputeThreads.set(count);
  }

  /**
   * How many threads may read ahead for a task that computes: a quarter of its cores, at least one.
   * They come on top of those that compute, and wait most of the time.
   */
  public int readers() {
    return Math.max(1, count / 4);
  }
}
