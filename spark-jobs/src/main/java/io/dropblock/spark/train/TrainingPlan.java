package io.dropblock.spark.train;

import io.dropblock.schedule.Schedule;
import java.util.Locale;

/**
 * The whole run as the driver plans it. Schedules are evaluated here and nowhere else: at {@code
 * progress = step / (epochs * stepsPerEpoch)}, as {@code tensorflow/tpu:
 * models/official/resnet/resnet_main.py} does.
 *
 * @param epochs number of epochs, at least 1
 * @param stepsPerEpoch number of steps (updates) of each, at least 1
 * @param keepProbability schedule of the nominal keep probability
 * @param learningRate schedule of the updater's rate
 * @param seed the seed of the run: data order, augmentation and masks
 */
public record TrainingPlan(
    int epochs, int stepsPerEpoch, Schedule keepProbability, Schedule learningRate, long seed) {

  /**
   * @throws IllegalArgumentException if there is nothing to do
   */
  public TrainingPlan {
    if (epochs < 1 || stepsPerEpoch < 1) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "Cannot plan %d epochs of %d steps", epochs, stepsPerEpoch));
    }
  }

  /** Number of steps of the run. */
  public long steps() {
    return (long) epochs * stepsPerEpoch;
  }

  /**
   * The plan of one epoch.
   *
   * @param epoch the epoch, 0 to {@code epochs - 1}
   */
  public EpochPlan epoch(int epoch) {
    return new EpochPlan(this, epoch);
  }
}
