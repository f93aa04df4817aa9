package io.dropblock.bench.averaging;

/**
 * What one process does in a measurement of rounds without Spark.
 *
 * @param rank 0 to {@code world - 1}
 * @param world number of processes, at least 2
 * @param parameters floats of the array, at least 1
 * @param encrypted whether the ring is encrypted
 * @param warmUpRounds not measured, at least 0
 * @param rounds measured, at least 1
 */
record RoundsJob(
    int rank, int world, int parameters, boolean encrypted, int warmUpRounds, int rounds) {
  /** Where memory has settled, if there are as many rounds. */
  private static final int SETTLED = 50;

  /** Bytes that a rank has to send in a round, and to receive: 2 (world - 1) / world arrays. */
  long bytesEachWay() {
    return 2L * (world - 1) * parameters * Float.BYTES / world;
  }

  /** Rounds that count before memory is looked at for the first time. */
  int roundsUntilSettled() {
    return Math.min(SETTLED, rounds / 2);
  }
}
