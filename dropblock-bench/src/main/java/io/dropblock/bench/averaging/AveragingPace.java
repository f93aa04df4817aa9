package io.dropblock.bench.averaging;

import io.dropblock.bench.averaging.fit.RoundCounts;
import java.util.Locale;

/**
 * How long is measured.
 *
 * @param warmUpRounds rounds without Spark before those that count, at least 0
 * @param rounds rounds without Spark that count, at least 1
 * @param repetitions pairs of fits, odd, so that one of them is the median
 * @param ringFew rounds of the ring master's fits with few parameters
 * @param stockFew rounds of the stock master's
 * @param ringMany rounds of the ring master's fits with all parameters
 * @param stockMany rounds of the stock master's
 */
public record AveragingPace(
    int warmUpRounds,
    int rounds,
    int repetitions,
    RoundCounts ringFew,
    RoundCounts stockFew,
    RoundCounts ringMany,
    RoundCounts stockMany) {
  /** Some minutes with ResNet-50's parameters. */
  public static final AveragingPace THOROUGH =
      new AveragingPace(
          20,
          100,
          3,
          new RoundCounts(500, 3500),
          new RoundCounts(3, 13),
          new RoundCounts(5, 65),
          new RoundCounts(1, 2));

  /** Enough to see that it works. */
  public static final AveragingPace QUICK =
      new AveragingPace(
          2,
          5,
          1,
          new RoundCounts(10, 510),
          new RoundCounts(1, 3),
          new RoundCounts(1, 41),
          new RoundCounts(1, 2));

  /**
   * @throws IllegalArgumentException if it measures nothing, or has no median
   */
  public AveragingPace {
    if (warmUpRounds < 0 || rounds < 1 || repetitions < 1 || repetitions % 2 == 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Invalid pace: %d rounds after %d, %d repetitions",
              rounds,
              warmUpRounds,
              repetitions));
    }
  }

  /**
   * The same with another number of rounds without Spark.
   *
   * @throws IllegalArgumentException if it is below 1
   */
  public AveragingPace ofRounds(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("Invalid number of rounds: " + count + " is below 1");
    }
    return new AveragingPace(
        warmUpRounds, count, repetitions, ringFew, stockFew, ringMany, stockMany);
  }
}
