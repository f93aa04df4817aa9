package io.dropblock.op;

/**
 * Philox 4x32-10 for the maps of many channels at once: the words that {@link Philox#encrypt} gives
 * for each, in loops over arrays that the compiler turns into vector instructions.
 *
 * <p>Words are unsigned 32-bit numbers in longs, as Java multiplies vectors of longs and not of
 * unsigned integers. To be used by one thread.
 */
final class PhiloxBatch {
  /** The largest batch. Its words take 8 kB, and stay in the first-level cache. */
  static final int CAPACITY = 256;

  private static final long MULTIPLIER_0 = 0xD2511F53L;
  private static final long MULTIPLIER_1 = 0xCD9E8D57L;
  private static final int WEYL_0 = 0x9E3779B9;
  private static final int WEYL_1 = 0xBB67AE85;
  private static final int ROUNDS = 10;
  private static final long LOW = 0xFFFFFFFFL;

  private final long[][] words = new long[4][CAPACITY];

  /**
   * Draws the first four words of consecutive channels.
   *
   * @param key the key, low word first
   * @param step the step, unsigned 32 bits
   * @param sample the sample of the global batch, unsigned 32 bits
   * @param firstChannel the first channel
   * @param count the number of channels, 1 to {@link #CAPACITY}
   */
  void draw(long key, long step, long sample, int firstChannel, int count) {
    for (int lane = 0; lane < count; lane++) {
      words[0][lane] = 0;
      words[1][lane] = firstChannel + lane;
      words[2][lane] = sample;
      words[3][lane] = step;
    }
    int key0 = (int) key;
    int key1 = (int) (key >>> 32);
    for (int round = 0; round < ROUNDS; round++) {
      round(key0 & LOW, key1 & LOW, words[0], words[1], words[2], words[3], count);
      key0 += WEYL_0;
      key1 += WEYL_1;
    }
  }

  private static void round(
      long key0, long key1, long[] words0, long[] words1, long[] words2, long[] words3, int count) {
    for (int lane = 0; lane < count; lane++) {
      // all reads before all writes: the compiler does not know that the arrays differ
      long product0 = MULTIPLIER_0 * words0[lane];
      long product1 = MULTIPLIER_1 * words2[lane];
      long word0 = product1 >>> 32 ^ words1[lane] ^ key0;
      long word2 = product0 >>> 32 ^ words3[lane] ^ key1;
      words0[lane] = word0;
      words1[lane] = product1 & LOW;
      words2[lane] = word2;
      words3[lane] = product0 & LOW;
    }
  }

  /** Word 0 to 3 of one channel of the batch, as an unsigned number. */
  long word(int lane, int word) {
    return words[word][lane];
  }
}
