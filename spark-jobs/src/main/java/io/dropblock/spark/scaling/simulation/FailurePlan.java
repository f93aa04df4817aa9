package io.dropblock.spark.scaling.simulation;

import io.dropblock.spark.scaling.Positive;

/**
 * How often hosts fail, and what happens then: a host's failure ends the epoch's job, the run goes
 * on from the newest checkpoint with the ranks that are left, or with a spare one, and takes the
 * host in again when it is back.
 *
 * @param ranks hosts with a rank each, at least 1
 * @param least ranks that the run goes on with; with fewer it waits. 1 to {@code ranks}
 * @param spares hosts that wait to take the place of another, 0 or more; they do not fail before
 * @param hostSeconds mean time of a host between two failures, exponentially distributed; above 0,
 *     infinite for none
 * @param noticed seconds until a failure is noticed
 * @param restart seconds until steps go on behind it, and to take hosts in within an epoch
 * @param repair seconds until the host, or another one in its place, is back
 * @param settle seconds that it must be there before it is taken in within an epoch
 * @param attempts failures without a new checkpoint in between that end a run, at least 1
 */
public record FailurePlan(
    int ranks,
    int least,
    int spares,
    double hostSeconds,
    double noticed,
    double restart,
    double repair,
    double settle,
    int attempts) {
  /**
   * @throws IllegalArgumentException if a number is out of its range
   */
  public FailurePlan {
    Positive.atLeast("number of ranks", ranks, 1);
    Positive.atLeast("least number of ranks", least, 1);
    if (least > ranks) {
      throw new IllegalArgumentException(
          "Invalid least number of ranks: " + least + " is more than " + ranks);
    }
    Positive.atLeast("number of spare hosts", spares, 0);
    Positive.require("time between failures of a host", hostSeconds);
    Positive.orZero("time to notice a failure", noticed);
    Positive.orZero("time of a restart", restart);
    Positive.orZero("time of a repair", repair);
    Positive.orZero("time to settle", settle);
    Positive.atLeast("number of attempts", attempts, 1);
  }

  /** Mean seconds between two failures of all ranks together. */
  public double betweenFailures() {
    return hostSeconds / ranks;
  }
}
