package io.dropblock.spark.train.step;

import java.io.Serializable;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.LongToDoubleFunction;

/**
 * All that a rank has to know about an epoch, broadcast by the driver: ranks neither count nor
 * evaluate schedules, since dl4j-spark loses a graph's counters on the way to the workers.
 *
 * <p>It holds the values of every step, 16 bytes each, 20 kB for an epoch of ImageNet: exact for
 * any schedule, where a line from the epoch's first to its last step would smooth out a warm-up's
 * end or a drop within the epoch.
 */
public final class EpochPlan implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int epoch;
  private final long firstStep;
  private final double[] keepProbabilities;
  private final double[] learningRates;
  private final long seed;

  /** Null for none. */
  private final WeightAverage average;

  /**
   * @param run the plan of the whole run
   * @param epoch the epoch, from 0
   */
  EpochPlan(TrainingPlan run, int epoch) {
    this.epoch = epoch;
    this.firstStep = (long) epoch * run.stepsPerEpoch();
    this.keepProbabilities = values(run::keepProbabilityAt, run.stepsPerEpoch());
    this.learningRates = values(run::learningRateAt, run.stepsPerEpoch());
    this.seed = run.seed();
    this.average = run.average().orElse(null);
  }

  private double[] values(LongToDoubleFunction ofStep, int steps) {
    double[] values = new double[steps];
    for (int index = 0; index < values.length; index++) {
      values[index] = ofStep.applyAsDouble(firstStep + index);
    }
    return values;
  }

  /** What its images depend on. */
  EpochKey key() {
    return new EpochKey(seed, epoch, firstStep);
  }

  /** The epoch, from 0. */
  public int epoch() {
    return epoch;
  }

  /** The number of its first step in the whole run, from 0. */
  public long firstStep() {
    return firstStep;
  }

  /** The number of its last step in the whole run. */
  public long lastStep() {
    return firstStep + steps() - 1;
  }

  /** How many steps it has, at least 1. */
  public int steps() {
    return keepProbabilities.length;
  }

  /** The seed of the run. */
  public long seed() {
    return seed;
  }

  /** The nominal keep probability of a step of the run. */
  public double keepProbability(long step) {
    return keepProbabilities[index(step)];
  }

  /** The learning rate of a step of the run. */
  public double learningRate(long step) {
    return learningRates[index(step)];
  }

  /**
   * The decay with which the moving average takes in the weights that a step of the run leaves;
   * empty where it does not.
   */
  OptionalDouble averageDecay(long step) {
    int index = index(step);
    return average == null ? OptionalDouble.empty() : average.decayBehind(epoch, index, steps());
  }

  private int index(long step) {
    if (step < firstStep || step > lastStep()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Invalid step: %d, epoch %d has steps %d to %d",
              step,
              epoch,
              firstStep,
              lastStep()));
    }
    return (int) (step - firstStep);
  }
}
