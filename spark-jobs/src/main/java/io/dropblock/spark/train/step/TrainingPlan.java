package io.dropblock.spark.train.step;

import io.dropblock.schedule.Exponential;
import io.dropblock.schedule.Period;
import io.dropblock.schedule.Place;
import io.dropblock.schedule.Schedule;
import io.dropblock.schedule.Steps;
import io.dropblock.schedule.WarmUp;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The whole run as the driver plans it. Schedules are evaluated here and nowhere else: at {@code
 * progress = step / (epochs * stepsPerEpoch)}, but for a learning rate that changes at epochs,
 * whose progress is {@code step / (epochs * batches)}; an exponential with a period in epochs is
 * one. So does {@code tensorflow/tpu: models/official/resnet/resnet_main.py}: its keep probability
 * goes by the whole steps of the run, its learning rate by {@code step / (1281167 / 1024)} epochs,
 * of 1251.14 steps each where a run has epochs of 1251. Epochs that a schedule names become shares
 * of the run here; a change at one comes at the same step however many epochs there are.
 *
 * @param epochs number of epochs, at least 1
 * @param stepsPerEpoch number of steps (updates) of each, at least 1
 * @param batches how many global batches the images of the data set are, at least {@code
 *     stepsPerEpoch}: more where an epoch leaves some over
 * @param keepProbability schedule of the nominal keep probability
 * @param learningRate schedule of the updater's rate
 * @param seed the seed of the run: data order, augmentation and masks
 * @param average how the moving average of the weights is kept, if it is
 */
public record TrainingPlan(
    int epochs,
    int stepsPerEpoch,
    double batches,
    Schedule keepProbability,
    Schedule learningRate,
    long seed,
    Optional<WeightAverage> average) {

  /**
   * @throws IllegalArgumentException if there is nothing to do, a schedule names an epoch that the
   *     run does not reach, or the average would never take the weights in
   */
  public TrainingPlan {
    if (epochs < 1 || stepsPerEpoch < 1) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "Cannot plan %d epochs of %d steps", epochs, stepsPerEpoch));
    }
    if (!(batches >= stepsPerEpoch)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot plan epochs of %d steps: the data set has %s batches only",
              stepsPerEpoch,
              batches));
    }
    keepProbability.over(epochs);
    learningRate.over(epochs);
    if (average.filter(it -> it.every() > stepsPerEpoch).isPresent()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot average weights every %d steps: an epoch has %d",
              average.get().every(),
              stepsPerEpoch));
    }
  }

  /** A plan without a moving average. */
  public TrainingPlan(
      int epochs,
      int stepsPerEpoch,
      double batches,
      Schedule keepProbability,
      Schedule learningRate,
      long seed) {
    this(epochs, stepsPerEpoch, batches, keepProbability, learningRate, seed, Optional.empty());
  }

  /** A plan of epochs that leave no image over, without a moving average. */
  public TrainingPlan(
      int epochs, int stepsPerEpoch, Schedule keepProbability, Schedule learningRate, long seed) {
    this(epochs, stepsPerEpoch, stepsPerEpoch, keepProbability, learningRate, seed);
  }

  /** Number of steps of the run. */
  public long steps() {
    return (long) epochs * stepsPerEpoch;
  }

  /** The nominal keep probability of a step. */
  double keepProbabilityAt(long step) {
    return keepProbability.over(epochs).at((double) step / steps());
  }

  /** The learning rate of a step. */
  public double learningRateAt(long step) {
    double length =
        changesAtEpochs(learningRate) && !leavesOutAnEpoch() ? epochs * batches : steps();
    return learningRate.over(epochs).at(step / length);
  }

  private static boolean changesAtEpochs(Schedule schedule) {
    return schedule instanceof Steps
        || schedule instanceof Exponential exponential
            && exponential.every() instanceof Period.Epochs
        || schedule instanceof WarmUp warmUp && changesAtEpochs(warmUp.inner());
  }

  /**
   * As may be with few images: a change at the last epoch that the schedule names would then come
   * after that epoch, and one at the run's last epoch never.
   */
  private boolean leavesOutAnEpoch() {
    if (changesAtShares(learningRate) && epochs * (batches - stepsPerEpoch) >= stepsPerEpoch) {
      return true;
    }
    OptionalInt last = learningRate.lastEpoch();
    return last.isPresent()
        && last.getAsInt() * batches > (last.getAsInt() + 1.0) * stepsPerEpoch - 1;
  }

  private static boolean changesAtShares(Schedule schedule) {
    return schedule instanceof Steps steps
            && steps.changes().stream().anyMatch(change -> change.from() instanceof Place.Share)
        || schedule instanceof WarmUp warmUp && changesAtShares(warmUp.inner());
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
