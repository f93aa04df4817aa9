package io.dropblock.spark.tune;

/**
 * What two trials may differ by although their settings are equally fast.
 *
 * @param between the share by which two trials of the same settings differed
 */
record Noise(double between) {
  /** Where nobody knows better. */
  private static final double UNKNOWN = 0.05;

  /** Nobody should change a setting for less. */
  private static final double LEAST = 0.01;

  /** As two trials of the same settings tell, if both came to their end. */
  static Noise of(Trial one, Trial again) {
    return !one.isDone() || !again.isDone()
        ? new Noise(UNKNOWN)
        : new Noise(Math.abs(one.rate() - again.rate()) / ((one.rate() + again.rate()) / 2));
  }

  /** Before the second one. */
  static Noise unknown() {
    return new Noise(UNKNOWN);
  }

  /** Whether a trial is faster than another one by more than that, and than what steps scatter. */
  boolean isFaster(Trial trial, Trial than) {
    if (!trial.isDone()) {
      return false;
    }
    double steps =
        Math.hypot(
            trial.measured().orElseThrow().speed().spread(),
            than.measured().orElseThrow().speed().spread());
    return trial.rate() - than.rate() > Math.max(steps, Math.max(between, LEAST) * than.rate());
  }

  /** Whether it is slower by more than that. */
  boolean isSlower(Trial trial, Trial than) {
    return trial.isDone() && isFaster(than, trial);
  }
}
