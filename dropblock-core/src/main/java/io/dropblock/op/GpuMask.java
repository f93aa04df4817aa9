package io.dropblock.op;

import java.lang.ref.Cleaner;

/**
 * A mask in a GPU's memory, drawn by {@link InPlaceKernel}. Its words and what it dropped are
 * fetched where somebody asks, and only then is the GPU waited for.
 */
final class GpuMask extends DropMask {
  private static final Cleaner CLEANER = Cleaner.create();

  private final CudaKernel kernel;
  private final long stream;
  private final DeviceMask device;
  private final Cleaner.Cleanable release;
  private long[] words;
  private long[] counts;
  private boolean closed;

  /**
   * @param stream that it is drawn on
   * @param release what is done with the GPU's memory once nobody needs it
   */
  GpuMask(
      MaskSettings settings, CudaKernel kernel, long stream, DeviceMask device, Runnable release) {
    super(settings, device.samples(), device.channels(), device.geometry(), null, null);
    this.kernel = kernel;
    this.stream = stream;
    this.device = device;
    this.release = CLEANER.register(this, release);
  }

  /**
   * The mask on its GPU.
   *
   * @throws IllegalStateException if it was closed
   */
  DeviceMask device() {
    if (closed) {
      throw new IllegalStateException("Cannot use a mask that was let go of: " + this);
    }
    return device;
  }

  int ordinal() {
    return kernel.device();
  }

  @Override
  long[] words() {
    if (words == null) {
      long[] fetched = new long[(int) (device().wordBytes() / Long.BYTES)];
      kernel.read(device.words(), fetched, stream);
      words = fetched;
    }
    return words;
  }

  @Override
  long[] dropped() {
    if (counts == null) {
      long[] fetched = new long[samples()];
      kernel.read(device().dropped(), fetched, stream);
      counts = fetched;
    }
    return counts;
  }

  @Override
  public void close() {
    closed = true;
    release.clean();
  }
}
