package io.dropblock.spark.cluster;

import java.time.Duration;
import java.util.Locale;

/**
 * How patient a run is.
 *
 * @param attempts failures without a new checkpoint in between after which it is given up, at least
 *     1
 * @param hostFailures failures of a host after which the run does without it, at least 1
 * @param patience how long it waits for executors in place of those that are gone
 * @param silence how long a rank may be silent before it counts as dead
 */
public record RecoverySettings(
    int attempts, int hostFailures, Duration patience, Duration silence) {

  /**
   * @throws IllegalArgumentException if a number is below 1
   */
  public RecoverySettings {
    if (attempts < 1 || hostFailures < 1 || !isPositive(patience) || !isPositive(silence)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot recover with %d attempts, %d failures of a host, a patience of %s and a silence of %s: all must be positive",
              attempts,
              hostFailures,
              patience,
              silence));
    }
  }

  private static boolean isPositive(Duration time) {
    return !time.isNegative() && !time.isZero();
  }

  /** 4 failures in a row, 3 of a host, 10 minutes, 2 minutes. */
  public static RecoverySettings defaults() {
    return new RecoverySettings(4, 3, Duration.ofMinutes(10), Duration.ofMinutes(2));
  }
}
