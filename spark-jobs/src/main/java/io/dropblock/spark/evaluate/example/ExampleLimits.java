package io.dropblock.spark.evaluate.example;

import java.io.Serializable;
import java.util.Locale;

/**
 * How many images of an evaluation are shown.
 *
 * @param worst of those with the largest loss, 0 or more
 * @param right of the right ones with the smallest loss, 0 or more
 */
public record ExampleLimits(int worst, int right) implements Serializable {
  /** Nothing is shown, and no class is counted. */
  public static final ExampleLimits NONE = new ExampleLimits(0, 0);

  /** Two rows of four, and one. */
  public static final ExampleLimits SHEET = new ExampleLimits(8, 4);

  /** Checks the ranges. */
  public ExampleLimits {
    if (worst < 0 || right < 0) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "Invalid number of examples: %d and %d", worst, right));
    }
  }
}
