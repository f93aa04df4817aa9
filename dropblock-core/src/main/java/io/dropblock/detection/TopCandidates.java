package io.dropblock.detection;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;

/**
 * The greatest of many numbers, the greatest first; of equal numbers (0 and -0 are equal) the first
 * ones, in their order. Reads the numbers once and sorts only those above the least of the greatest
 * so far, in portions. Not thread-safe.
 */
final class TopCandidates {
  private static final int BLOCK = 4096;
  private static final int ROOM = 4;

  private final int most;
  private final int count;
  private final float[] block;
  // A key orders as its number, and of equal numbers the later place before the earlier one.
  private final long[] keys;
  private int held;
  private float bar;

  /**
   * @param most how many to find, at least 1
   * @param count how many numbers there are, at least 1
   */
  TopCandidates(int most, int count) {
    this.most = Math.min(most, count);
    this.count = count;
    block = new float[Math.min(BLOCK, count)];
    keys = new long[(int) Math.min((long) ROOM * this.most, count)];
  }

  /**
   * Finds the greatest numbers; what was found before is gone.
   *
   * @param numbers has them; its position stays
   * @param from place of the first
   * @return how many were found: all that were asked for, or as many as are not negative infinity
   * @throws IllegalArgumentException if a number is NaN or positive infinity
   * @throws IndexOutOfBoundsException if the buffer is too short
   */
  int find(FloatBuffer numbers, int from) {
    Objects.checkFromIndexSize(from, count, numbers.limit());
    held = 0;
    bar = Float.NEGATIVE_INFINITY;
    for (int place = 0; place < count; place += block.length) {
      int length = Math.min(block.length, count - place);
      numbers.get(from + place, block, 0, length);
      read(place, length);
    }
    Arrays.sort(keys, 0, held);
    return Math.min(held, most);
  }

  private void read(int place, int length) {
    float least = bar;
    for (int i = 0; i < length; i++) {
      // Not so for NaN, either.
      if (!(block[i] <= least)) {
        hold(block[i], place + i);
        least = bar;
      }
    }
  }

  private void hold(float number, int place) {
    if (!(number < Float.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "Cannot detect objects: logit %d is %s", place, number));
    }
    if (held == keys.length) {
      Arrays.sort(keys);
      System.arraycopy(keys, held - most, keys, 0, most);
      held = most;
      bar = number(keys[0]);
    }
    keys[held++] = key(number, place);
  }

  private static long key(float number, int place) {
    // The sum turns -0 into 0.
    return ((long) ordered(Float.floatToRawIntBits(number + 0f)) << 32) | (~place & 0xFFFFFFFFL);
  }

  private static float number(long key) {
    return Float.intBitsToFloat(ordered((int) (key >> 32)));
  }

  /** Turns the bits of a float into an integer that orders as it does, and back. */
  private static int ordered(int bits) {
    return bits ^ ((bits >> 31) & Integer.MAX_VALUE);
  }

  /** The number of a rank, of which 0 is the greatest. */
  float number(int rank) {
    return number(keys[held - 1 - rank]);
  }

  /** The place of the number of a rank, from 0. */
  int place(int rank) {
    return ~(int) keys[held - 1 - rank];
  }
}
