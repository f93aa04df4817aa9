package io.dropblock.spark.scaling;

/**
 * How fast the one thread of a rank is that sends, receives and sums.
 *
 * @param moved bytes a second that it receives and sends again, copies into and out of the kernel
 *     included; above 0
 * @param added bytes a second that it adds to others; above 0, infinite for no time
 */
public record RingThread(double moved, double added) {
  /**
   * @throws IllegalArgumentException if a rate is not above 0
   */
  public RingThread {
    Positive.require("rate at which a thread moves bytes", moved);
    Positive.require("rate at which a thread adds bytes", added);
  }

  /** Seconds to receive so many bytes and send as many. */
  double moving(double bytes) {
    return bytes / moved;
  }

  /** Seconds to add so many bytes to others. */
  double adding(double bytes) {
    return bytes / added;
  }
}
