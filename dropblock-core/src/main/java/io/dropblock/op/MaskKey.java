package io.dropblock.op;

import java.nio.charset.StandardCharsets;

/**
 * What a mask is a function of, besides the sample and the channel: two keys that differ give
 * independent masks, equal keys give equal ones, on any device, for any number of ranks, and after
 * a retry.
 *
 * @param seed the seed of the run
 * @param layer the identity of the layer in its network, see {@link #layer(String)}
 * @param step the number of the update, 0 to 2^32 - 1
 * @param firstSample the index of the first sample of this tensor within the global batch, 0 to
 *     2^32 - 1
 */
public record MaskKey(long seed, long layer, long step, long firstSample) {
  private static final long WORDS = 1L << 32;

  /**
   * @throws IllegalArgumentException if the step or the sample is negative or 2^32 and more
   */
  public MaskKey {
    if (step < 0 || step >= WORDS) {
      throw new IllegalArgumentException("Invalid step: " + step);
    }
    if (firstSample < 0 || firstSample >= WORDS) {
      throw new IllegalArgumentException("Invalid sample index: " + firstSample);
    }
  }

  /** The identity of a layer: the 64-bit FNV-1a hash of its name in UTF-8. */
  public static long layer(String name) {
    long hash = 0xCBF29CE484222325L;
    for (byte letter : name.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (letter & 0xFF)) * 0x100000001B3L;
    }
    return hash;
  }

  /** The Philox key. For one seed, layers that differ have keys that differ. */
  long philoxKey() {
    return mixed(seed) ^ layer;
  }

  /** SplitMix64's finalizer (Steele, Lea, Flood 2014), so that neighbouring seeds are far apart. */
  private static long mixed(long value) {
    long z = value + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
