package io.dropblock.op;

/**
 * {@link StartGaps}, made and searched fast, equal to it bit for bit.
 *
 * <p>Made fast: a power is the one before it times {@code 1 - gamma}. Where the error of that, at
 * most one rounding a step, could change the integer below it, the definition's power decides.
 * Searched fast: a guide holds where to begin for the leading bits of a word (Chen, Asau 1974), on
 * average within two steps of the gap.
 */
final class GapTable {
  private static final double TWO_TO_32 = 0x1p32;

  private final long[] table;

  /** Element i: the gap of the word {@code i << guideShift}, the longest that begins so. */
  private final int[] guide;

  private final int guideShift;

  /**
   * @param gamma the seed drop rate, at most 1, and so much above 0 that {@code 1 - gamma < 1}
   * @param positions the length of the grid; longer gaps are all alike
   */
  GapTable(double gamma, int positions) {
    table = new long[positions + 1];
    double power = TWO_TO_32;
    for (int k = 0; k <= positions; k++) {
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
    guideShift = Math.max(1, Integer.numberOfLeadingZeros(positions) - 2);
    guide = new int[1 << (Integer.SIZE - guideShift)];
    int gap = positions;
    for (int i = 0; i < guide.length; i++) {
      while ((long) i << guideShift >= table[gap]) {
        gap--;
      }
      guide[i] = gap;
    }
  }

  /** Words below this stand for the longest gap: no block, or no further one. */
  long noBlockBelow() {
    return table[table.length - 1];
  }

  /**
   * The gap that a random word stands for: the largest {@code k} with {@code word < table[k]}.
   *
   * @param word unsigned 32 random bits
   * @return the number of positions to skip, 0 to {@code positions}
   */
  int gap(long word) {
    int gap = guide[(int) (word >>> guideShift)];
    while (word >= table[gap]) {
      gap--;
    }
    return gap;
  }

  /** Element k of the table, for comparison with the definition. */
  long atLeast(int k) {
    return table[k];
  }
}
