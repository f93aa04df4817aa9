package io.dropblock.spark.preflight;

/**
 * What a rank of a recipe needs. All but activations is exact. Of those all are counted that a step
 * makes, although it frees some as it goes; what a library takes besides is not counted. So this is
 * an estimate, held against no measured peak yet.
 *
 * @param parameters that are trained
 * @param numbers that training keeps: parameters, and what optimizer and moving average keep of
 *     each
 * @param gradients numbers of the gradients that are there at a time
 * @param activations numbers that a step keeps of a local batch for the way back, at most
 * @param batches bytes of the batches that are read ahead, which are Java's direct buffers
 * @param checkpoints that stay on disk, at most
 */
public record Need(
    long parameters,
    long numbers,
    long gradients,
    long activations,
    long batches,
    int checkpoints) {
  /** Code, threads and buffers of a process. */
  static final long REST = 512L << 20;

  private static final double LEAST = 0.7;

  /** Bytes of arrays outside of the heap. */
  long arrays() {
    return Float.BYTES * (numbers + gradients + activations);
  }

  /** The same and the batches: all that a rank has outside of the heap. */
  long outside() {
    return arrays() + batches;
  }

  /** Below that a training does not fit, even by a good guess. */
  long least() {
    return (long) (LEAST * arrays()) + batches;
  }

  /** Bytes of a checkpoint. */
  long checkpoint() {
    return Float.BYTES * numbers;
  }
}
