package io.dropblock.spark.train.step;

import java.io.Serializable;
import java.util.Locale;

/**
 * What the images of an epoch depend on, beside the data set and the slots of a step.
 *
 * @param seed of the run
 * @param epoch from 0
 * @param firstStep number of its first step in the whole run, from 0
 */
record EpochKey(long seed, int epoch, long firstStep) implements Serializable {

  /**
   * @throws IllegalArgumentException if a number is below 0
   */
  EpochKey {
    if (epoch < 0 || firstStep < 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "Invalid epoch: %d, first step %d: both from 0", epoch, firstStep));
    }
  }
}
