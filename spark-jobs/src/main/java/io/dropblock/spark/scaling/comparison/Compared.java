package io.dropblock.spark.scaling.comparison;

/**
 * A time that was measured, beside what the model says.
 *
 * @param what it is the time of
 * @param world number of ranks
 * @param predicted seconds
 * @param measured seconds
 * @param source whether constants were taken from it, so that it proves little
 */
public record Compared(String what, int world, double predicted, double measured, boolean source) {

  /** Predicted over measured: 1 is best. */
  public double ratio() {
    return predicted / measured;
  }
}
