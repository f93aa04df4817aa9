package io.dropblock.op;

/**
 * Philox 4x32-10: random numbers as a pure function of a counter and a key, the same on every
 * machine, in integers only.
 *
 * <p>Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", SC 2011. Checked
 * against the known answers of {@code DEShawResearch/random123: tests/kat_vectors}.
 */
final class Philox {
  private static final int MULTIPLIER_0 = 0xD2511F53;
  private static final int MULTIPLIER_1 = 0xCD9E8D57;
  private static final int WEYL_0 = 0x9E3779B9;
  private static final int WEYL_1 = 0xBB67AE85;
  private static final int ROUNDS = 10;

  private Philox() {}

  /**
   * Encrypts a counter of four words in place: what was the counter is then four random words.
   *
   * @param counter four words
   * @param key the key, low word first
   */
  static void encrypt(int[] counter, long key) {
    int key0 = (int) key;
    int key1 = (int) (key >>> 32);
    for (int round = 0; round < ROUNDS; round++) {
      long product0 = Integer.toUnsignedLong(MULTIPLIER_0) * Integer.toUnsignedLong(counter[0]);
      long product1 = Integer.toUnsignedLong(MULTIPLIER_1) * Integer.toUnsignedLong(counter[2]);
      int word0 = (int) (product1 >>> 32) ^ counter[1] ^ key0;
      int word2 = (int) (product0 >>> 32) ^ counter[3] ^ key1;
      counter[0] = word0;
      counter[1] = (int) product1;
      counter[2] = word2;
      counter[3] = (int) product0;
      key0 += WEYL_0;
      key1 += WEYL_1;
    }
  }
}
