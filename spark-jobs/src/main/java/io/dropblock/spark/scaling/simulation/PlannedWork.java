package io.dropblock.spark.scaling.simulation;

import io.dropblock.spark.scaling.Positive;
import io.dropblock.spark.scaling.StepTime;
import java.util.function.IntFunction;

/**
 * What is to be trained.
 *
 * @param epochs at least 1
 * @param stepsPerEpoch at least 1
 * @param epochSeconds of each epoch besides its steps
 * @param steps a step on so many ranks
 * @param spread deviation of a rank's time of a step, as a share of its mean
 */
public record PlannedWork(
    int epochs,
    int stepsPerEpoch,
    double epochSeconds,
    IntFunction<StepTime> steps,
    double spread) {
  /**
   * @throws IllegalArgumentException if a number is out of its range
   */
  public PlannedWork {
    Positive.atLeast("number of epochs", epochs, 1);
    Positive.atLeast("number of steps of an epoch", stepsPerEpoch, 1);
    Positive.orZero("time of an epoch besides its steps", epochSeconds);
    Positive.orZero("spread", spread);
  }

  /** Of all epochs. */
  public long allSteps() {
    return (long) epochs * stepsPerEpoch;
  }
}
