package io.dropblock.schedule;

/**
 * The same value from start to end.
 *
 * @param value any finite number
 */
public record Constant(double value) implements Schedule {

  /**
   * @throws IllegalArgumentException if the value is not finite
   */
  public Constant {
    Checks.finite("constant value", value);
  }

  @Override
  public double at(double progress) {
    Checks.progress(this, progress);
    return value;
  }

  @Override
  public double lowest() {
    return value;
  }

  @Override
  public double highest() {
    return value;
  }

  @Override
  public String toString() {
    return "constant(" + value + ")";
  }
}
