package io.dropblock.spark.train;

import java.io.Serializable;

/**
 * A value that goes in a straight line over the steps of one epoch.
 *
 * @param first the value of the epoch's first step
 * @param last the value of its last step
 */
public record Ramp(double first, double last) implements Serializable {

  /**
   * The value of one step.
   *
   * @param index the step within the epoch, 0 to {@code steps - 1}
   * @param steps the number of steps of the epoch
   */
  double at(long index, int steps) {
    return steps == 1 ? first : first + (last - first) * index / (steps - 1);
  }
}
