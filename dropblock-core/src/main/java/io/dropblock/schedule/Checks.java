package io.dropblock.schedule;

/** What all schedules refuse, in one wording. */
final class Checks {

  private Checks() {}

  static void finite(String what, double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(
          "Invalid " + what + ": " + value + ", must be a finite number");
    }
  }

  /** Progress clamped to [0, 1]. */
  static double progress(Schedule schedule, double progress) {
    if (Double.isNaN(progress)) {
      throw new IllegalArgumentException("Cannot evaluate " + schedule + " at progress NaN");
    }
    return Math.max(0, Math.min(1, progress));
  }
}
