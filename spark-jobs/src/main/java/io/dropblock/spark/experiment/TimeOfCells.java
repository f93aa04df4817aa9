package io.dropblock.spark.experiment;

import io.dropblock.spark.report.TimeLeft;
import java.time.Duration;
import java.util.Optional;

/** How long the rest of an experiment takes if its epochs go on as those until now. */
public final class TimeOfCells {
  private double seconds;
  private long epochs;

  /**
   * Counts a cell that was trained, or a part of it.
   *
   * @param epochs that it has, 0 or more
   * @param seconds that they took
   */
  public void add(long epochs, double seconds) {
    this.epochs += epochs;
    this.seconds += seconds;
  }

  /**
   * As people read it; empty while nothing is known.
   *
   * @param left epochs of all cells that are not done
   * @param atOnce cells that are trained side by side, at least 1
   */
  public Optional<String> left(long left, int atOnce) {
    return epochs == 0
        ? Optional.empty()
        : Optional.of(
            TimeLeft.text(Duration.ofMillis((long) (1000 * seconds / epochs * left / atOnce))));
  }
}
