package io.dropblock.spark.scaling;

import java.util.Locale;

/**
 * What connects the ranks.
 *
 * @param gigabits of a rank's connection a second, each way, above 0; infinite between ranks on one
 *     machine
 * @param latency seconds from one rank's thread to the next one's, at least 0: the wire, and waking
 *     up the thread
 */
public record Network(double gigabits, double latency) {
  /** Bytes of a full Ethernet frame of 1500 that are the sender's, of those that pass the wire. */
  private static final double GOODPUT = 1448 / 1538.0;

  private static final double BITS = 8e-9;

  /**
   * @throws IllegalArgumentException if a number is out of its range
   */
  public Network {
    Positive.require("speed of a network", gigabits);
    Positive.orZero("latency", latency);
  }

  /** That of ranks on one machine, whose bytes only pass its memory. */
  public static Network loopback(double latency) {
    return new Network(Double.POSITIVE_INFINITY, latency);
  }

  /** Seconds for so many bytes each way; 0 on one machine. */
  double seconds(double bytes) {
    return bytes * BITS / (gigabits * GOODPUT);
  }

  /** As people say it: {@code 25 GbE}. */
  public String title() {
    return Double.isInfinite(gigabits)
        ? "one machine"
        : String.format(
            Locale.ROOT, gigabits == Math.rint(gigabits) ? "%.0f GbE" : "%s GbE", gigabits);
  }
}
