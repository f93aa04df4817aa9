package io.dropblock.spark.scaling.comparison;

import io.dropblock.spark.scaling.RingThread;

/**
 * Constants of one machine, from rounds of two ranks on it, which have a processor each.
 *
 * @param thread of a rank
 * @param latency seconds from rank to rank
 */
public record Calibration(RingThread thread, double latency) {
  /**
   * Ways from rank to rank in a step of two: two of the meeting, one that announces, two of the
   * ring.
   */
  private static final int WAYS = 5;

  /**
   * Takes them apart: on the ring each of two ranks adds half the array, in the chain one adds all
   * of it, and in both each moves all of it once.
   *
   * @throws IllegalArgumentException if it is not rounds of two ranks, or no two rates explain them
   */
  public static Calibration of(MeasuredRounds two) {
    if (two.world() != 2) {
      throw new IllegalArgumentException(
          "Cannot take constants from rounds of " + two.world() + " ranks: it takes those of 2");
    }
    double latency = Math.max(0, two.few()) / WAYS;
    double ring = two.ring() - 2 * latency;
    double chain = two.chain() - 3 * latency;
    double bytes = (double) Float.BYTES * two.parameters();
    double half = chain - ring;
    double moving = half > 0 ? ring - half : (ring + chain) / 2;
    if (!(moving > 0)) {
      throw new IllegalArgumentException(
          "Cannot take constants from rounds of 2 ranks: the ring took "
              + two.ring()
              + " s, the chain "
              + two.chain()
              + " s and a round of few parameters "
              + two.few()
              + " s; measure again on a quiet machine");
    }
    double added = half > 0 ? bytes / (2 * half) : Double.POSITIVE_INFINITY;
    return new Calibration(new RingThread(bytes / moving, added), latency);
  }
}
