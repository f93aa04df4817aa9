package io.dropblock.spark.data;

import java.util.random.RandomGenerator;
import java.util.stream.LongStream;

/**
 * Random numbers that are a pure function of a key, the same on every machine and Java version:
 * SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, OOPSLA 2014),
 * started at a hash of the key. Not thread-safe, as one generator belongs to one key.
 */
public final class KeyedRandom implements RandomGenerator {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private long state;

  private KeyedRandom(long state) {
    this.state = state;
  }

  /** The generator of a key; the order of the parts counts, and so does their number. */
  public static KeyedRandom of(long... key) {
    return new KeyedRandom(hash(key));
  }

  /** A 64-bit hash of a key, every bit of which depends on every bit of the key. */
  public static long hash(long... key) {
    long hash = mix(key.length + GOLDEN_GAMMA);
    for (long part : key) {
      hash = mix(hash + GOLDEN_GAMMA + mix(part + GOLDEN_GAMMA));
    }
    return hash;
  }

  /** The hash of a seed and a name. */
  public static long hash(long seed, String name) {
    return hash(LongStream.concat(LongStream.of(seed), name.chars().asLongStream()).toArray());
  }

  @Override
  public long nextLong() {
    state += GOLDEN_GAMMA;
    return mix(state);
  }

  /**
   * A uniformly chosen order of {@code 0 .. size - 1} (Fisher and Yates).
   *
   * @param size 0 or more
   */
  public int[] permutation(int size) {
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      int j = nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
