package io.dropblock.bench.averaging;

import io.dropblock.bench.averaging.fit.FitJob;
import java.util.Locale;

/**
 * What is measured.
 *
 * @param parameters floats that are averaged, {@link FitJob#LEAST_PARAMETERS} to {@link
 *     #MOST_PARAMETERS}
 * @param world number of ranks, each a JVM, 2 to {@link #MOST_RANKS}
 * @param encrypt whether ring and chain are measured encrypted, too
 * @param pace how long
 */
public record AveragingPlan(int parameters, int world, boolean encrypt, AveragingPace pace) {
  /** The stock master's messages hold twice as many floats, and an array on the heap 2 GiB. */
  static final int MOST_PARAMETERS = 100_000_000;

  static final int MOST_RANKS = 64;

  /** Parameters of the network whose rounds cost next to nothing but what is fixed. */
  static final int FEW_PARAMETERS = 1000;

  /**
   * @throws IllegalArgumentException if a number is out of its range
   */
  public AveragingPlan {
    requireBetween("number of parameters", parameters, FitJob.LEAST_PARAMETERS, MOST_PARAMETERS);
    requireBetween("number of ranks", world, 2, MOST_RANKS);
  }

  private static void requireBetween(String what, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "Invalid %s: %d is not one from %d to %d", what, value, least, most));
    }
  }

  /** The rounds without Spark, in the clear. */
  RoundsJob rounds(int rank) {
    return rounds(rank, false);
  }

  /** The rounds without Spark. */
  RoundsJob rounds(int rank, boolean encrypted) {
    return new RoundsJob(rank, world, parameters, encrypted, pace.warmUpRounds(), pace.rounds());
  }

  /** The fits with all parameters. */
  FitJob manyParameters() {
    return new FitJob(parameters, world, pace.repetitions(), pace.ringMany(), pace.stockMany());
  }

  /** The fits with few. */
  FitJob fewParameters() {
    return new FitJob(FEW_PARAMETERS, world, pace.repetitions(), pace.ringFew(), pace.stockFew());
  }
}
