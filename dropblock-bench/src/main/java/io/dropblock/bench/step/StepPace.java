package io.dropblock.bench.step;

import java.util.Locale;

/**
 * How long is measured.
 *
 * @param warmUpSteps steps before those that count, at least
 * @param warmUpSeconds time before the steps that count, at least
 * @param repetitions how often a rate is taken; odd, so that one of them is the median
 * @param steps steps of a repetition, at least
 * @param seconds time of a repetition, at least
 */
public record StepPace(
    int warmUpSteps, double warmUpSeconds, int repetitions, int steps, double seconds) {
  /** A minute for each figure. */
  public static final StepPace THOROUGH = new StepPace(3, 10, 5, 3, 6);

  /** Enough to see that it works: ND4J has its workspaces after the second step. */
  public static final StepPace QUICK = new StepPace(2, 0, 3, 1, 0.2);

  /**
   * @throws IllegalArgumentException if it measures nothing, or has no median
   */
  public StepPace {
    if (repetitions < 1 || repetitions % 2 == 0 || steps < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "Invalid pace: %d repetitions of %d steps", repetitions, steps));
    }
  }

  /**
   * The same with so many steps in all repetitions together, at least.
   *
   * @throws IllegalArgumentException if they are below 1
   */
  public StepPace ofSteps(int total) {
    if (total < 1) {
      throw new IllegalArgumentException("Invalid number of steps: " + total + " is below 1");
    }
    int each = Math.max(steps, (total - 1) / repetitions + 1);
    return new StepPace(warmUpSteps, warmUpSeconds, repetitions, each, seconds);
  }
}
