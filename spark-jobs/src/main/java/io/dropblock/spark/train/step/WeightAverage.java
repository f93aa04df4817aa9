package io.dropblock.spark.train.step;

import io.dropblock.nn.average.MovingAverage;
import java.io.Serializable;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * When a run's {@link MovingAverage} takes the weights in, and with which decay: a pure function of
 * the step, so that no counter has to be kept.
 *
 * @param decay the highest, at least 0 and below 1; see {@link MovingAverage#decay}. It is of an
 *     update, whatever {@code every} is
 * @param every steps between two updates, at least 1. They are counted within each epoch, as are
 *     those between two averagings of ranks
 */
public record WeightAverage(double decay, int every) implements Serializable {

  /**
   * @throws IllegalArgumentException if one of them is out of range
   */
  public WeightAverage {
    MovingAverage.decay(decay, 1);
    if (every < 1) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "Cannot average weights every %d steps", every));
    }
  }

  /**
   * The decay of the update behind a step.
   *
   * @param epoch of the step, from 0
   * @param index of the step in its epoch, from 0
   * @param stepsPerEpoch of the run
   * @return empty if there is no update behind it
   */
  OptionalDouble decayBehind(int epoch, int index, int stepsPerEpoch) {
    int done = index + 1;
    if (done % every != 0) {
      return OptionalDouble.empty();
    }
    long updates = (long) epoch * (stepsPerEpoch / every) + done / every;
    return OptionalDouble.of(MovingAverage.decay(decay, updates));
  }
}
