package io.dropblock.op;

/**
 * The law of the gaps between one block start and the next, for independent draws with probability
 * gamma at every position of the grid: {@code P(gap >= k) = (1 - gamma)^k}.
 *
 * <p>Drawing gaps and not one number a position costs one random number a block: masks of the
 * paper's settings hold 0.1 to 0.4 blocks a map. The law is tabled once in 32-bit fixed point, and
 * sampling compares integers only, so that another device can repeat it bit for bit.
 *
 * <p>The table ends at a horizon. A word that stands for the horizon says that no block starts
 * before it; from there another word goes on, as the law has no memory.
 */
final class StartGaps {
  /** The longest horizon: 8 kB of table, whatever the size of the map. */
  static final int HORIZON = 1024;

  private static final double TWO_TO_32 = 0x1p32;

  /** {@code table[k] = floor((1 - gamma)^k * 2^32)}, falling from 2^32 at 0. */
  private final long[] table;

  /**
   * @param gamma the seed drop rate, 0 to 1
   * @param positions the length of the grid, which bounds the horizon
   */
  StartGaps(double gamma, int positions) {
    table = new long[Math.min(positions, HORIZON) + 1];
    for (int k = 0; k < table.length; k++) {
      // StrictMath: the same table on every machine
      table[k] = (long) (StrictMath.pow(1 - gamma, k) * TWO_TO_32);
    }
  }

  /** The gap that says: no block before here. */
  int horizon() {
    return table.length - 1;
  }

  /**
   * The gap that a random word stands for: the largest {@code k} with {@code word < table[k]}.
   *
   * @param word 32 random bits, read as unsigned
   * @return the number of positions to skip, 0 to {@link #horizon()}
   */
  int gap(int word) {
    long unsigned = Integer.toUnsignedLong(word);
    int gap = 0;
    while (gap + 1 < table.length && unsigned < table[gap + 1]) {
      gap++;
    }
    return gap;
  }
}
