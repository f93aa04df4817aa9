package io.dropblock.spark.preflight;

import io.dropblock.spark.preflight.finding.Finding;
import io.dropblock.spark.preflight.finding.Several;
import io.dropblock.spark.preflight.finding.Verdict;
import io.dropblock.spark.preflight.slot.ClockReading;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Whether the executors' clocks go as the driver's does. */
final class Clocks {
  static final String NAME = "clocks";
  private static final Duration SOME = Duration.ofSeconds(5);
  private static final Duration MUCH = Duration.ofMinutes(1);
  private static final double SECOND = 1000;
  private static final int LONG = 120;

  private Clocks() {}

  /**
   * @param readings one or more
   */
  static Finding of(List<ClockReading> readings) {
    List<ClockReading> wrong =
        readings.stream()
            .filter(reading -> reading.surely().abs().compareTo(SOME) > 0)
            .sorted(
                Comparator.comparing((ClockReading reading) -> reading.surely().abs()).reversed())
            .toList();
    if (wrong.isEmpty()) {
      long doubt = readings.stream().mapToLong(it -> it.doubt().toMillis()).max().orElse(0);
      long surely = readings.stream().mapToLong(it -> it.surely().abs().toMillis()).max().orElse(0);
      return Finding.ok(
          NAME,
          String.format(Locale.ROOT, "within %.1f s of the driver's", (doubt + surely) / SECOND));
    }
    Verdict verdict =
        wrong.get(0).surely().abs().compareTo(MUCH) > 0 ? Verdict.FAULT : Verdict.WARNING;
    return new Finding(
        NAME,
        verdict,
        Several.of(wrong.stream().map(Clocks::words).toList(), "executors"),
        "run NTP or chrony on that host; Kerberos (from 5 min on) and object stores (15 min) refuse"
            + " it, and logs of hosts cannot be put in order");
  }

  private static String words(ClockReading reading) {
    double seconds = reading.surely().toMillis() / SECOND;
    double much = Math.abs(seconds);
    return String.format(
        Locale.ROOT,
        "the clock of %s is %s %s the driver's, give or take %.1f s",
        reading.executor(),
        much < LONG
            ? String.format(Locale.ROOT, "%.0f s", much)
            : String.format(Locale.ROOT, "%.0f min", much / 60),
        seconds > 0 ? "ahead of" : "behind",
        reading.doubt().toMillis() / SECOND);
  }
}
