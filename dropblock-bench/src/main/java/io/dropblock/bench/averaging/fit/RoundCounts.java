package io.dropblock.bench.averaging.fit;

import java.util.Locale;

/**
 * Two fits that differ in nothing but their number of rounds: what differs in their times is the
 * cost of the rounds.
 *
 * @param fewer rounds of the one, at least 1
 * @param more rounds of the other
 */
public record RoundCounts(int fewer, int more) {

  /**
   * @throws IllegalArgumentException if there is no difference
   */
  public RoundCounts {
    if (fewer < 1 || more <= fewer) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "Invalid numbers of rounds: %d and %d", fewer, more));
    }
  }

  /** By how many they differ. */
  int difference() {
    return more - fewer;
  }
}
