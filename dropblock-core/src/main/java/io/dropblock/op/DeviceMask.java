package io.dropblock.op;

import io.dropblock.cuda.DeviceMemory;

/**
 * A mask in the memory of a GPU, of a shape that stays, to be drawn again and again by {@link
 * CudaKernel#sample(DeviceMask, MaskKey, MaskSettings, long)}. What was drawn is read in the order
 * of the stream that it was drawn on, and is never waited for.
 *
 * <p>One allocation: the scales as doubles, the tally of the thread blocks, the dropped pixels of
 * each sample, the gap table, the words of {@link DropMask}.
 */
public final class DeviceMask implements AutoCloseable {
  private static final int TALLY_BYTES = 2 * Long.BYTES;
  private static final int ALIGNMENT = 16;

  private final BlockGeometry geometry;
  private final boolean sharedChannels;
  private final int samples;
  private final int channels;
  private final DeviceMemory memory;
  private Normalization normalization = Normalization.NONE;

  DeviceMask(
      BlockGeometry geometry,
      boolean sharedChannels,
      int samples,
      int channels,
      DeviceMemory memory) {
    this.geometry = geometry;
    this.sharedChannels = sharedChannels;
    this.samples = samples;
    this.channels = channels;
    this.memory = memory;
  }

  /** What the memory of such a mask must hold. */
  static long bytes(BlockGeometry geometry, boolean sharedChannels, int samples, int channels) {
    long maps = (long) samples * (sharedChannels ? 1 : channels);
    return wordsOffset(geometry, samples) + maps * DropMask.wordsPerMap(geometry) * Long.BYTES;
  }

  private static long gapsOffset(int samples) {
    return 2L * samples * Long.BYTES + TALLY_BYTES;
  }

  private static long wordsOffset(BlockGeometry geometry, int samples) {
    long gaps = (long) Math.min(geometry.starts(), StartGaps.HORIZON) * Integer.BYTES;
    return (gapsOffset(samples) + gaps + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  int wordsPerMap() {
    return DropMask.wordsPerMap(geometry);
  }

  long scales() {
    return memory.address();
  }

  long tally() {
    return scales() + (long) samples * Double.BYTES;
  }

  long dropped() {
    return tally() + TALLY_BYTES;
  }

  long gaps() {
    return memory.address() + gapsOffset(samples);
  }

  long words() {
    return memory.address() + wordsOffset(geometry, samples);
  }

  long wordBytes() {
    return memory.bytes() - wordsOffset(geometry, samples);
  }

  /** The GPU's memory that it takes. */
  long bytes() {
    return memory.bytes();
  }

  /** The feature map and the block. */
  public BlockGeometry geometry() {
    return geometry;
  }

  /** Whether the channels of a sample share one mask. */
  public boolean sharedChannels() {
    return sharedChannels;
  }

  /** Samples, the first dimension of the tensor. */
  public int samples() {
    return samples;
  }

  /** Channels of the tensor, shared or not. */
  public int channels() {
    return channels;
  }

  /** Maps of one sample: its channels, or 1 where they share it. */
  int mapsPerSample() {
    return sharedChannels ? 1 : channels;
  }

  /** What the mask in the GPU's memory is scaled by: a scale, or one a sample. */
  Normalization normalization() {
    return normalization;
  }

  void scaledBy(Normalization scaling) {
    normalization = scaling;
  }

  /** Parts of the tensor that have a scale of their own. */
  int pieces() {
    return normalization == Normalization.SAMPLE ? samples : 1;
  }

  /** Frees the memory, once the GPU has done all that it was given before. */
  @Override
  public void close() {
    memory.close();
  }
}
