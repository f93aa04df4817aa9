package io.dropblock.op;

import java.util.Arrays;

/**
 * Which elements of a {@code [samples, channels, height, width]} tensor are kept: one bit each, 1
 * for kept, in that order, with the exact number of ones.
 */
public final class DropMask {
  private final int samples;
  private final int channels;
  private final BlockGeometry geometry;
  private final long[] words;
  private long kept;

  /** A mask that keeps everything. */
  DropMask(int samples, int channels, BlockGeometry geometry) {
    if (samples < 1 || channels < 1) {
      throw new IllegalArgumentException(
          "Cannot make a mask for %d samples of %d channels".formatted(samples, channels));
    }
    this.samples = samples;
    this.channels = channels;
    this.geometry = geometry;
    this.kept = Math.multiplyExact((long) samples * channels, geometry.pixels());
    this.words = new long[Math.toIntExact((kept + Long.SIZE - 1) / Long.SIZE)];
    Arrays.fill(words, -1L);
  }

  /** Drops the block that starts at a position of one map; blocks may overlap. */
  void dropBlock(int sample, int channel, int startRow, int startColumn) {
    long map = ((long) sample * channels + channel) * geometry.pixels();
    for (int row = startRow; row < startRow + geometry.blockHeight(); row++) {
      long first = map + (long) row * geometry.width() + startColumn;
      for (long index = first; index < first + geometry.blockWidth(); index++) {
        drop(index);
      }
    }
  }

  private void drop(long index) {
    int word = (int) (index / Long.SIZE);
    long bit = 1L << (index % Long.SIZE);
    if ((words[word] & bit) != 0) {
      words[word] &= ~bit;
      kept--;
    }
  }

  /** Whether one element is kept. */
  public boolean keeps(int sample, int channel, int row, int column) {
    long map = ((long) sample * channels + channel) * geometry.pixels();
    return keeps(map + (long) row * geometry.width() + column);
  }

  /** Whether the element at an index of the tensor, in its order, is kept. */
  boolean keeps(long index) {
    return (words[(int) (index / Long.SIZE)] >>> (index % Long.SIZE) & 1) != 0;
  }

  /** Samples, the first dimension. */
  public int samples() {
    return samples;
  }

  /** Channels, the second dimension. */
  public int channels() {
    return channels;
  }

  /** The feature map and the block. */
  public BlockGeometry geometry() {
    return geometry;
  }

  /** Number of elements. */
  public long size() {
    return (long) samples * channels * geometry.pixels();
  }

  /** Number of kept elements, counted exactly. */
  public long kept() {
    return kept;
  }

  /** The realised share of kept elements, 0 to 1. */
  public double keptFraction() {
    return (double) kept / size();
  }

  /**
   * What kept elements are multiplied by: {@code size / kept}, at least 1, the paper's {@code
   * count(M) / count_ones(M)} (Algorithm 1) over the whole tensor of this rank. Where nothing is
   * kept it is 0, and the output is all zeros; the reference divides 0 by 0 there.
   */
  public double scale() {
    return kept == 0 ? 0 : (double) size() / kept;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DropMask mask
        && samples == mask.samples
        && channels == mask.channels
        && geometry.equals(mask.geometry)
        && Arrays.equals(words, mask.words);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(words);
  }

  @Override
  public String toString() {
    return "DropMask[%d x %d, %s, kept %d of %d]"
        .formatted(samples, channels, geometry, kept, size());
  }
}
