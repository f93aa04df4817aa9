package io.dropblock.op;

import java.util.Arrays;
import java.util.Locale;

/**
 * Which elements of a {@code [samples, channels, height, width]} tensor are kept, with their exact
 * number.
 *
 * <p>One bit a pixel, 1 for dropped. Every map has words of its own, so that threads can draw
 * different maps at once: pixel {@code p = row * width + column} of map {@code m} is bit {@code p %
 * 64} of word {@code m * wordsPerMap + p / 64}. Unused bits of a map's last word stay 0. Map {@code
 * m} belongs to sample {@code m / channels} and channel {@code m % channels}, or to all channels of
 * sample {@code m} where they share it.
 */
public sealed class DropMask implements AutoCloseable permits GpuMask {
  private final MaskSettings settings;
  private final int samples;
  private final int channels;
  private final BlockGeometry geometry;
  private final int wordsPerMap;
  private final long[] words;

  /** Dropped pixels of the maps of each sample. */
  private final long[] dropped;

  /**
   * A mask that keeps everything.
   *
   * @throws IllegalArgumentException if there is no sample or channel, or more than 2^31 - 1 words
   */
  DropMask(MaskSettings settings, int samples, int channels, BlockGeometry geometry) {
    this(
        settings,
        samples,
        channels,
        geometry,
        new long[requireShape(geometry, settings.sharedChannels(), samples, channels)],
        new long[samples]);
  }

  /** For what has words and counts elsewhere, where these are null. */
  DropMask(
      MaskSettings settings,
      int samples,
      int channels,
      BlockGeometry geometry,
      long[] words,
      long[] dropped) {
    this.settings = settings;
    this.samples = samples;
    this.channels = channels;
    this.geometry = geometry;
    this.words = words;
    this.dropped = dropped;
    wordsPerMap = wordsPerMap(geometry);
  }

  /** Returns the number of words of a mask, or refuses the shape. */
  static int requireShape(
      BlockGeometry geometry, boolean sharedChannels, int samples, int channels) {
    if (samples < 1 || channels < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "Cannot make a mask for %d samples of %d channels", samples, channels));
    }
    double words = (double) samples * (sharedChannels ? 1 : channels) * wordsPerMap(geometry);
    if (words > Integer.MAX_VALUE - Long.SIZE) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot make a mask for %d samples of %d channels of %d x %d: too many elements",
              samples,
              channels,
              geometry.height(),
              geometry.width()));
    }
    return (int) words;
  }

  /** Words of one map, the last one perhaps in part. */
  static int wordsPerMap(BlockGeometry geometry) {
    return (geometry.pixels() - 1) / Long.SIZE + 1;
  }

  /**
   * Drops a block of one map; blocks may overlap. What was dropped is to be told to {@link
   * #addDropped}.
   *
   * @return the number of pixels dropped that were kept before
   */
  int dropBlock(int map, int startRow, int startColumn) {
    int firstWord = map * wordsPerMap;
    int start = startRow * geometry.width() + startColumn;
    int count = 0;
    for (int row = 0; row < geometry.blockHeight(); row++) {
      for (int column = 0; column < geometry.blockWidth(); column++) {
        int pixel = start + row * geometry.width() + column;
        long bit = 1L << pixel % Long.SIZE;
        if ((words[firstWord + pixel / Long.SIZE] & bit) == 0) {
          words[firstWord + pixel / Long.SIZE] |= bit;
          count++;
        }
      }
    }
    return count;
  }

  /** Adds to the count of pixels dropped in the maps of a sample. */
  void addDropped(int sample, long pixels) {
    dropped[sample] += pixels;
  }

  /** Whether one element is kept. */
  public boolean keeps(int sample, int channel, int row, int column) {
    int map = settings.sharedChannels() ? sample : sample * channels + channel;
    int pixel = row * geometry.width() + column;
    return (words()[map * wordsPerMap + pixel / Long.SIZE] >>> (pixel % Long.SIZE) & 1) == 0;
  }

  /** All words, to be written while the mask is drawn and read afterwards. */
  long[] words() {
    return words;
  }

  /** Pixels dropped in the maps of each sample, to be written while the mask is drawn. */
  long[] dropped() {
    return dropped;
  }

  /** Words of one map. */
  int wordsPerMap() {
    return wordsPerMap;
  }

  /** Maps of one sample: its channels, or 1 where they share it. */
  int mapsPerSample() {
    return settings.sharedChannels() ? 1 : channels;
  }

  /** What was asked for. */
  public MaskSettings settings() {
    return settings;
  }

  /** Samples, the first dimension of the tensor. */
  public int samples() {
    return samples;
  }

  /** Channels of the tensor, its second dimension, shared or not. */
  public int channels() {
    return channels;
  }

  /** The feature map and the block. */
  public BlockGeometry geometry() {
    return geometry;
  }

  /** Number of elements of the tensor. */
  public long size() {
    return samples * sampleSize();
  }

  private long sampleSize() {
    return (long) channels * geometry.pixels();
  }

  /** Number of kept elements of the tensor, counted exactly. */
  public long kept() {
    long kept = 0;
    for (int sample = 0; sample < samples; sample++) {
      kept += kept(sample);
    }
    return kept;
  }

  /** Number of kept elements of one sample, counted exactly. */
  public long kept(int sample) {
    return sampleSize() - dropped()[sample] * (channels / mapsPerSample());
  }

  /** The realised share of kept elements, 0 to 1. */
  public double keptFraction() {
    return (double) kept() / size();
  }

  /**
   * The share of kept elements that its settings let expect, exactly, between 0 and 1; see {@link
   * BlockGeometry#expectedKeep}.
   */
  public double expectedKeptFraction() {
    return settings.exactKeep()
        ? settings.keepProbability()
        : geometry.expectedKeep(settings.keepProbability());
  }

  /**
   * What the kept elements of a sample are multiplied by, as the {@link Normalization} says: {@code
   * count / count_ones}, at least 1, or 1 itself. Where nothing is kept the ratio is taken as 0,
   * and the output is all zeros; the reference divides 0 by 0 there.
   */
  public double scale(int sample) {
    return switch (settings.normalization()) {
      case BATCH -> ratio(size(), kept());
      case SAMPLE -> ratio(sampleSize(), kept(sample));
      case NONE -> 1;
    };
  }

  private static double ratio(long count, long ones) {
    return ones == 0 ? 0 : (double) count / ones;
  }

  /**
   * Lets go of memory of a GPU, if the mask is there. What was asked for before stays known:
   * counts, elements; all else may be gone.
   */
  @Override
  public void close() {
    // here it is in main memory
  }

  /** Whether both keep the same elements of the same tensor and scale them alike. */
  @Override
  public boolean equals(Object other) {
    return other instanceof DropMask mask
        && samples == mask.samples
        && channels == mask.channels
        && geometry.equals(mask.geometry)
        && settings.equals(mask.settings)
        && Arrays.equals(words(), mask.words());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(words());
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "DropMask[%d x %d, %s, %s]", samples, channels, geometry, settings);
  }
}
