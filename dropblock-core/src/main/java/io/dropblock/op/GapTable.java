package io.dropblock.op;

/**
 * {@link StartGaps}, made and searched fast, equal to it bit for bit.
 *
 * <p>Made fast: a power is the one before it times {@code 1 - gamma}. Where the error of that, at
 * most one rounding a step, could change the integer below it, the definition's power decides.
 * Searched fast: a guide holds where to begin for the leading bits of a word (Chen, Asau 1974), at
 * most a few steps from the gap.
 */
final class GapTable {
  private static final double TWO_TO_32 = 0x1p32;

  private final long[] table;

  /** Element i: the gap of the word {@code i << guideShift}, the longest that begins so. */
  private final char[] guide;

  private final int guideShift;
  private final int guideSteps;

  /**
   * @param gamma the seed drop rate, at most 1, and so much above 0 that {@code 1 - gamma < 1}
   * @param positions the length of the grid
   */
  GapTable(double gamma, int positions) {
    int horizon = Math.min(positions, StartGaps.HORIZON);
    table = new long[horizon + 1];
    double power = TWO_TO_32;
    for (int k = 0; k <= horizon; k++) {
      // roundings up to here, the definition's own and one to spare, each of at most 2^-53
      double error = power * (k + 3) * 0x1p-53;
      long floor = (long) (power - error);
      table[k] =
          floor == (long) (power + error)
              ? floor
              : (long) (StrictMath.pow(1 - gamma, k) * TWO_TO_32);
      power *= 1 - gamma;
    }
    // two to four entries a position
    guideShift = Math.max(1, Integer.numberOfLeadingZeros(horizon) - 1);
    guide = new char[1 << (Integer.SIZE - guideShift)];
    int gap = horizon;
    int steps = 0;
    for (int i = 0; i < guide.length; i++) {
      int before = gap;
      while ((long) i << guideShift >= table[gap]) {
        gap--;
      }
      guide[i] = (char) gap;
      steps = Math.max(steps, i == 0 ? 0 : before - gap);
    }
    guideSteps = Math.max(steps, gap);
  }

  /** The table of {@link StartGaps}. */
  long[] table() {
    return table;
  }

  /** Where to begin for a word, by its leading bits: never below the gap. */
  char[] guide() {
    return guide;
  }

  /** By how much a word is shifted right to give its place in the guide. */
  int guideShift() {
    return guideShift;
  }

  /** The most by which the guide is above the gap. */
  int guideSteps() {
    return guideSteps;
  }
}
