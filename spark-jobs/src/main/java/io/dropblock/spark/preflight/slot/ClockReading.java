package io.dropblock.spark.preflight.slot;

import java.time.Duration;

/**
 * An executor's clock, between two looks at the driver's. All in milliseconds since 1970.
 *
 * @param executor for people
 * @param before the driver's clock before the executor was asked
 * @param seen the executor's
 * @param after the driver's when its answer was there
 */
public record ClockReading(String executor, long before, long seen, long after) {

  /** How far ahead of the driver's it is at least, in either direction; 0 where it may be right. */
  public Duration surely() {
    if (seen > after) {
      return Duration.ofMillis(seen - after);
    }
    return Duration.ofMillis(Math.min(0, seen - before));
  }

  /** How far off it may be beyond that. */
  public Duration doubt() {
    return Duration.ofMillis(after - before);
  }
}
