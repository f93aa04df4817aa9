package io.dropblock.schedule;

/**
 * A straight line over the whole training. The paper's schedule of the keep probability is {@code
 * linear(1.0, 0.9)}: {@code 1 - progress * (1 - 0.9)}.
 *
 * @param from value at progress 0, finite
 * @param to value at progress 1, finite
 */
public record Linear(double from, double to) implements Schedule {

  /**
   * @throws IllegalArgumentException if one of the ends is not finite
   */
  public Linear {
    Checks.finite("linear start", from);
    Checks.finite("linear end", to);
  }

  @Override
  public double at(double progress) {
    double done = Checks.progress(this, progress);
    // This form is exact at both ends; the bounds take away a last-bit overshoot between them.
    double value = from * (1 - done) + to * done;
    return Math.max(lowest(), Math.min(highest(), value));
  }

  @Override
  public double lowest() {
    return Math.min(from, to);
  }

  @Override
  public double highest() {
    return Math.max(from, to);
  }

  @Override
  public String toString() {
    return "linear(" + from + ", " + to + ")";
  }
}
