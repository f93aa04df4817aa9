package io.dropblock.cuda;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;

/**
 * The primary context of a GPU, which all libraries of a process share: CUDA's run time, and with
 * it ND4J, uses the same. Retained until closed.
 */
final class CudaContext implements AutoCloseable {
  private final CudaDriver driver;
  private final int ordinal;
  private final int handle;
  private final Pointer context;
  private boolean closed;

  private CudaContext(CudaDriver driver, int ordinal, int handle, Pointer context) {
    this.driver = driver;
    this.ordinal = ordinal;
    this.handle = handle;
    this.context = context;
  }

  static CudaContext retain(CudaDriver driver, int ordinal) {
    int handle = driver.handle(ordinal);
    PointerByReference context = new PointerByReference();
    driver.call("start GPU " + ordinal, "cuDevicePrimaryCtxRetain", context, handle);
    return new CudaContext(driver, ordinal, handle, context.getValue());
  }

  /** Makes the context the calling thread's current one until closed, by the same thread. */
  CudaScope enter() {
    driver.call("enter the context of GPU " + ordinal, "cuCtxPushCurrent_v2", context);
    return new CudaScope(this);
  }

  CudaDriver driver() {
    return driver;
  }

  int ordinal() {
    return ordinal;
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      driver.call("let go of GPU " + ordinal, "cuDevicePrimaryCtxRelease_v2", handle);
    }
  }
}
