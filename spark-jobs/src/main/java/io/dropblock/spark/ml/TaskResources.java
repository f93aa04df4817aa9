package io.dropblock.spark.ml;

import io.dropblock.spark.rank.RankCores;
import io.dropblock.spark.rank.RankGpu;
import java.util.Optional;

/**
 * What Spark gave to a task: a network that was made there is for no other.
 *
 * @param cores of the task
 * @param gpu of the task, if it has one
 */
record TaskResources(RankCores cores, Optional<RankGpu> gpu) {
  /** That of the calling thread's task. */
  static TaskResources ofThisTask() {
    return new TaskResources(RankCores.ofThisTask(), RankGpu.ofThisTask());
  }

  /** Lets the calling thread compute there. */
  void take() {
    gpu.ifPresent(RankGpu::take);
    cores.take();
  }
}
