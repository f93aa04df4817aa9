package io.dropblock.cuda;

/** Memory of a GPU, from any thread's view; freed when closed. */
public final class DeviceMemory implements AutoCloseable {
  private final CudaContext context;
  private final long address;
  private final long bytes;
  private boolean closed;

  DeviceMemory(CudaContext context, long address, long bytes) {
    this.context = context;
    this.address = address;
    this.bytes = bytes;
  }

  /** Where it begins, a multiple of 256. */
  public long address() {
    return address;
  }

  /** Its size. */
  public long bytes() {
    return bytes;
  }

  /** Frees the memory once the GPU has done all that it was given before. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      try (CudaScope scope = context.enter()) {
        scope.call("free memory", "cuMemFree_v2", address);
      }
    }
  }
}
