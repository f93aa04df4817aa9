package io.dropblock.spark.allreduce;

import org.deeplearning4j.spark.api.TrainingHook;

/**
 * A hook that may end a {@code fit} before its last batch, at a step that all ranks have done: with
 * averaging every few steps, at the next of these. The network is then the result of the steps so
 * far; {@link RingTrainingMaster#stopped} tells.
 */
public interface StoppingHook extends TrainingHook {

  /** Asked on each rank before each of its steps; one rank's yes ends all. */
  boolean isAskedToStop();
}
