package io.dropblock.bench.averaging.fit;

/**
 * Fits of one network on a Spark of this machine.
 *
 * @param parameters of the network, at least {@link #LEAST_PARAMETERS}
 * @param world executors of one core, a rank each
 * @param repetitions pairs of fits
 * @param ring rounds of the ring master's fits
 * @param stock rounds of the stock master's fits
 */
public record FitJob(
    int parameters, int world, int repetitions, RoundCounts ring, RoundCounts stock) {
  /** Those of the smallest network, {@link SparseNetwork}. */
  public static final int LEAST_PARAMETERS = 3;

  private static final int MIB_OF_A_JVM = 1024;

  /** Arrays of parameters and momentum on the heap of a process at once, with some to spare. */
  private static final int STATES_ON_HEAP = 8;

  private static final int FLOATS_OF_STATE = 2;

  /** The heap of an executor. */
  int executorMib() {
    return MIB_OF_A_JVM + STATES_ON_HEAP * stateMib();
  }

  /** The heap of the driver, to which all ranks' states come at once. */
  int driverMib() {
    return executorMib() + FLOATS_OF_STATE * world * stateMib();
  }

  private int stateMib() {
    return (int) ((long) FLOATS_OF_STATE * Float.BYTES * parameters >> 20);
  }
}
