package io.dropblock.spark.scaling;

/**
 * How much there is to train, and what comes besides steps.
 *
 * @param images of an epoch, at least a step's
 * @param epochs at least 1
 * @param globalBatch images of a step, at least 1
 * @param epochSeconds of each epoch besides its steps, however many ranks: starting the job, the
 *     state to the ranks and back
 * @param evaluation seconds that one rank would take to evaluate; ranks share it out
 * @param evaluateEvery epochs between two evaluations, at least 1
 * @param checkpoint seconds that ranks wait for one checkpoint within an epoch
 * @param checkpointEvery steps between two within an epoch, 0 for none
 */
public record RunLength(
    long images,
    int epochs,
    int globalBatch,
    double epochSeconds,
    double evaluation,
    int evaluateEvery,
    double checkpoint,
    int checkpointEvery) {
  /**
   * @throws IllegalArgumentException if a number is out of its range
   */
  public RunLength {
    Positive.atLeast("number of epochs", epochs, 1);
    Positive.atLeast("global batch", globalBatch, 1);
    Positive.atLeast("number of images", images, globalBatch);
    Positive.orZero("time of an epoch besides its steps", epochSeconds);
    Positive.orZero("time of an evaluation", evaluation);
    Positive.atLeast("number of epochs between evaluations", evaluateEvery, 1);
    Positive.orZero("time of a checkpoint", checkpoint);
    Positive.atLeast("number of steps between checkpoints", checkpointEvery, 0);
  }

  /** Steps of an epoch: what is left over is not trained. */
  public int stepsPerEpoch() {
    return Math.toIntExact(images / globalBatch);
  }

  /** Checkpoints within an epoch, that at its end left out. */
  int checkpointsWithin() {
    return checkpointEvery == 0 ? 0 : (stepsPerEpoch() - 1) / checkpointEvery;
  }

  /** Seconds of a mean epoch besides its steps and checkpoints. */
  public double besides(int world) {
    return epochSeconds + evaluation / world / evaluateEvery;
  }

  /**
   * Seconds of a mean epoch.
   *
   * @param step seconds of a step of so many ranks
   */
  double epoch(double step, int world) {
    return stepsPerEpoch() * step + checkpointsWithin() * checkpoint + besides(world);
  }
}
