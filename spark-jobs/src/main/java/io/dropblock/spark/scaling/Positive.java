package io.dropblock.spark.scaling;

/** Ranges of numbers. */
public final class Positive {
  private Positive() {}

  /** Refuses what is not above 0; infinity is. */
  public static void require(String what, double value) {
    if (!(value > 0)) {
      throw new IllegalArgumentException("Invalid " + what + ": " + value + " is not above 0");
    }
  }

  /** Refuses what is not finite and 0 or more. */
  public static void orZero(String what, double value) {
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "Invalid " + what + ": " + value + " is not at least 0 and finite");
    }
  }

  /** Refuses numbers below a least one. */
  public static void atLeast(String what, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException("Invalid " + what + ": " + value + " is below " + least);
    }
  }
}
