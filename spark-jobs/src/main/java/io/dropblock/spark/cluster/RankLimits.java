package io.dropblock.spark.cluster;

import java.time.Duration;
import java.util.Locale;

/**
 * How many ranks a run may have, one after the other.
 *
 * @param most as many as it can use
 * @param least how many it goes on with where there is room for no more; all of them for a run that
 *     is not elastic
 * @param kept task slots that ranks leave to an evaluation beside them, where there are enough
 * @param grace how long it waits for executors in place of those that are gone, before it goes on
 *     with fewer ranks
 */
public record RankLimits(int most, int least, int kept, Duration grace) {

  /**
   * @throws IllegalArgumentException if a number is below 1, or the least is the greater one
   */
  public RankLimits {
    if (least < 1 || most < least) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "Invalid limits: %d to %d ranks", least, most));
    }
  }

  /** Always the same. */
  public static RankLimits fixed(int world) {
    return new RankLimits(world, world, 0, Duration.ZERO);
  }

  /** Task slots that are of use. */
  int slots() {
    return most + kept;
  }

  /** As many as find a place on some task slots, which are enough for the least. */
  int ranks(int slots) {
    return Math.min(most, Math.max(least, slots - kept));
  }
}
