package io.dropblock.cuda;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;

/**
 * The time for which a thread is in a GPU's context, and what it can do there. To be closed by the
 * same thread, which then has the context that it had before.
 *
 * <p>Streams are handles of the driver, {@code cudaStream_t} or {@code CUstream} as a number; 0 is
 * the default stream.
 */
public final class CudaScope implements AutoCloseable {
  private final CudaContext context;

  CudaScope(CudaContext context) {
    this.context = context;
  }

  DeviceMemory allocate(long bytes) {
    LongByReference address = new LongByReference();
    call("reserve " + bytes + " bytes", "cuMemAlloc_v2", address, bytes);
    return new DeviceMemory(context, address.getValue(), bytes);
  }

  /** Copies from main memory, in the order of a stream; the source may change once this returns. */
  public void copyIn(long device, Pointer host, long bytes, long stream) {
    call("copy to it", "cuMemcpyHtoDAsync_v2", device, host, bytes, stream);
  }

  /** Copies to main memory, which has all bytes after {@link #synchronize}. */
  public void copyOut(Pointer host, long device, long bytes, long stream) {
    call("copy from it", "cuMemcpyDtoHAsync_v2", host, device, bytes, stream);
  }

  /** Waits until a stream has done all that it was given. */
  public void synchronize(long stream) {
    call("wait for it", "cuStreamSynchronize", stream);
  }

  /**
   * Starts a kernel that takes one structure.
   *
   * @param function from {@link CudaModule#function}
   * @param blocks thread blocks, all in one row
   * @param threads of a thread block
   * @param sharedBytes shared memory of a thread block
   * @param arguments the structure; the driver copies it before this returns
   */
  public void launch(
      CudaFunction function,
      int blocks,
      int threads,
      int sharedBytes,
      byte[] arguments,
      long stream) {
    // both reachable until they are closed, after the call
    try (Memory structure = new Memory(arguments.length);
        Memory addresses = new Memory(Long.BYTES)) {
      structure.write(0, arguments, 0, arguments.length);
      addresses.setPointer(0, structure);
      call(
          "start " + function.name(),
          "cuLaunchKernel",
          function.handle(),
          blocks,
          1,
          1,
          threads,
          1,
          1,
          sharedBytes,
          stream,
          addresses,
          Pointer.NULL);
    }
  }

  void call(String what, String function, Object... arguments) {
    context.driver().call(what + " on GPU " + context.ordinal(), function, arguments);
  }

  @Override
  public void close() {
    call("leave the context", "cuCtxPopCurrent_v2", new PointerByReference());
  }
}
