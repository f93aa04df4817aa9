package io.dropblock.spark.train;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where the time of an epoch goes, in seconds: what the training waits for, until the next epoch
 * begins, and what is done beside that one.
 */
final class EpochClock {
  private final long since = System.nanoTime();
  private final Map<String, Double> spent = new LinkedHashMap<>();
  private final Map<String, Double> beside = new LinkedHashMap<>();
  private double seconds = Double.NaN;

  /** Some work took some time. */
  void add(String work, double time) {
    (isRunning() ? spent : beside).merge(work, time, Double::sum);
  }

  /** The next epoch begins: what is done from now on is done beside it. */
  void stop() {
    seconds = seconds();
  }

  private boolean isRunning() {
    return Double.isNaN(seconds);
  }

  /** From its begin to that of the next epoch, or to now. */
  double seconds() {
    return isRunning() ? secondsSince(since) : seconds;
  }

  /** What the training waited for. */
  Map<String, Double> spent() {
    return spent;
  }

  /** What was done beside the next epoch. */
  Map<String, Double> beside() {
    return beside;
  }

  /**
   * @param begin as {@link System#nanoTime} told it
   */
  static double secondsSince(long begin) {
    return (System.nanoTime() - begin) / 1e9;
  }
}
