package io.dropblock.spark.scaling.simulation;

import io.dropblock.spark.scaling.Positive;

/**
 * How long to train between two checkpoints, by formulas, in seconds: what a simulation is held
 * against. They know one cost of a checkpoint, failures that come at any time, and nothing else.
 *
 * @param cost seconds that training waits for a checkpoint, above 0
 * @param betweenFailures mean seconds between two failures, above 0
 */
public record CheckpointInterval(double cost, double betweenFailures) {
  /**
   * @throws IllegalArgumentException if a number is not above 0
   */
  public CheckpointInterval {
    Positive.require("cost of a checkpoint", cost);
    Positive.require("time between failures", betweenFailures);
  }

  /**
   * Young's: the square root of twice the cost times the time between failures. J. W. Young: A
   * first order approximation to the optimum checkpoint interval, CACM 17 (9), 1974.
   */
  public double young() {
    return Math.sqrt(2 * cost * betweenFailures);
  }

  /**
   * The expected time of work, with failures also in checkpoints and restarts. J. T. Daly: A higher
   * order estimate of the optimum checkpoint interval for restart dumps, FGCS 22 (3), 2006, formula
   * 13.
   *
   * @param work seconds of steps alone
   * @param interval seconds of steps between two checkpoints
   * @param restart seconds of a restart
   */
  public double expected(double work, double interval, double restart) {
    return betweenFailures
        * Math.exp(restart / betweenFailures)
        * Math.expm1((interval + cost) / betweenFailures)
        * work
        / interval;
  }
}
