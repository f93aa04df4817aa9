package io.dropblock.spark.report;

import java.util.Locale;

/** Times from microseconds to years, as people read them. */
final class ScaledTime {
  private static final double MINUTE = 60;
  private static final double HOUR = 3600;
  private static final double DAY = 86_400;

  private ScaledTime() {}

  /** Three digits and a unit: {@code 12.3 ms}, {@code 4.56 h}. */
  static String text(double seconds) {
    if (Double.isInfinite(seconds)) {
      return "never ends";
    }
    double size = Math.abs(seconds);
    if (size >= 2 * DAY) {
      return digits(seconds / DAY) + " d";
    }
    if (size >= 2 * HOUR) {
      return digits(seconds / HOUR) + " h";
    }
    if (size >= 2 * MINUTE) {
      return digits(seconds / MINUTE) + " min";
    }
    if (size >= 1 || size == 0) {
      return digits(seconds) + " s";
    }
    return size >= 1e-3 ? digits(seconds * 1e3) + " ms" : digits(seconds * 1e6) + " us";
  }

  private static String digits(double value) {
    double size = Math.abs(value);
    String form = size >= 99.95 ? "%.0f" : size >= 9.995 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, form, value);
  }
}
