package io.dropblock.spark.report;

import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/** How long the rest takes if it goes on as it has gone since the beginning. */
public final class TimeLeft {
  private final LongSupplier nanoTime;
  private final long begin;

  /** Begins now. */
  TimeLeft() {
    this(System::nanoTime);
  }

  TimeLeft(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.begin = nanoTime.getAsLong();
  }

  /**
   * As people read it.
   *
   * @param done since the beginning, at least 1
   * @param left likewise, of the same kind
   */
  String text(long done, long left) {
    double each = (double) (nanoTime.getAsLong() - begin) / done;
    return text(Duration.ofNanos((long) (each * left)));
  }

  /** A time that is known, likewise. */
  public static String text(Duration time) {
    return time.toHours() > 0
        ? String.format(Locale.ROOT, "%d h %02d min left", time.toHours(), time.toMinutesPart())
        : String.format(Locale.ROOT, "%d:%02d min left", time.toMinutes(), time.toSecondsPart());
  }
}
