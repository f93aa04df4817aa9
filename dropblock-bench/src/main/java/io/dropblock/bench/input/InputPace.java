package io.dropblock.bench.input;

import java.util.Locale;

/**
 * How long is measured.
 *
 * @param warmUpSeconds before the repetitions of a case, at least 0
 * @param seconds of a repetition, above 0
 * @param repetitions that count, odd, so that one of them is the median
 * @param epochs over which memory is watched, at least 1
 */
public record InputPace(double warmUpSeconds, double seconds, int repetitions, int epochs) {
  /** Two minutes and the 20 epochs. */
  public static final InputPace THOROUGH = new InputPace(5, 3, 5, 20);

  /** Enough to see that it works. */
  public static final InputPace QUICK = new InputPace(0.5, 0.5, 3, 3);

  /**
   * @throws IllegalArgumentException if it measures nothing, or has no median
   */
  public InputPace {
    if (!(warmUpSeconds >= 0 && seconds > 0)
        || repetitions < 1
        || repetitions % 2 == 0
        || epochs < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Invalid pace: %s s after %s, %d repetitions, %d epochs",
              seconds,
              warmUpSeconds,
              repetitions,
              epochs));
    }
  }
}
