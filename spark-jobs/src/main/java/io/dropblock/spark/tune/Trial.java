package io.dropblock.spark.tune;

import java.util.Optional;

/**
 * What became of a setting.
 *
 * @param setting that was tried
 * @param measured empty where the trial failed
 * @param failure in one line; empty where it did not
 * @param seconds that it took, its start included
 */
public record Trial(Setting setting, Optional<Measured> measured, String failure, double seconds) {

  /** One that came to its end. */
  public static Trial of(Setting setting, Measured measured, double seconds) {
    return new Trial(setting, Optional.of(measured), "", seconds);
  }

  /** One that failed. */
  public static Trial failed(Setting setting, String failure, double seconds) {
    return new Trial(setting, Optional.empty(), failure, seconds);
  }

  boolean isDone() {
    return measured.isPresent();
  }

  /**
   * Images a second.
   *
   * @throws java.util.NoSuchElementException if it failed
   */
  double rate() {
    return measured.orElseThrow().speed().imagesPerSecond();
  }
}
