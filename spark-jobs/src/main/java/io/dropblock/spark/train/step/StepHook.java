package io.dropblock.spark.train.step;

import io.dropblock.spark.train.event.RunEvent;
import java.io.Serializable;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * What is done behind each step, or round of steps, that leaves all ranks with equal networks: by
 * rank 0 where ranks average among themselves, else by the driver.
 */
public interface StepHook extends Serializable {

  /**
   * @param stepsDone in the run
   * @param network to look at; its arrays change with the next step
   * @return what people should know that was done since the call before; it may have been begun in
   *     an earlier one
   */
  Optional<RunEvent> after(long stepsDone, ComputationGraph network);
}
