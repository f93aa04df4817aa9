package io.dropblock.cuda;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A program on a GPU, which the driver compiled of PTX. Holds the GPU's context until closed. */
public final class CudaModule implements AutoCloseable {
  private final CudaContext context;
  private final Pointer module;
  private final Map<String, CudaFunction> functions;
  private boolean closed;

  private CudaModule(CudaContext context, Pointer module, Map<String, CudaFunction> functions) {
    this.context = context;
    this.module = module;
    this.functions = functions;
  }

  /**
   * Compiles a program for a GPU. The driver keeps the result on disk, so that the next process is
   * faster.
   *
   * @param ordinal the GPU, from 0
   * @param ptx text in ASCII
   * @param functions names of all its kernels
   * @throws CudaException if the GPU cannot be used, or the program not be compiled for it; nothing
   *     is held then
   */
  public static CudaModule load(
      CudaDriver driver, int ordinal, String ptx, List<String> functions) {
    CudaContext context = CudaContext.retain(driver, ordinal);
    CudaModule loaded = null;
    try (CudaScope scope = context.enter()) {
      loaded = load(context, scope, ptx, functions);
    } catch (RuntimeException | Error e) {
      giveBack(loaded == null ? context : loaded, e);
      throw e;
    }
    return loaded;
  }

  private static CudaModule load(
      CudaContext context, CudaScope scope, String ptx, List<String> names) {
    PointerByReference module = new PointerByReference();
    byte[] text = ptx.getBytes(StandardCharsets.US_ASCII);
    try (Memory image = new Memory(text.length + 1L)) {
      image.write(0, text, 0, text.length);
      image.setByte(text.length, (byte) 0);
      scope.call("load a program", "cuModuleLoadData", module, image);
    }
    Map<String, CudaFunction> functions = new LinkedHashMap<>();
    try {
      for (String name : names) {
        PointerByReference handle = new PointerByReference();
        scope.call("find " + name, "cuModuleGetFunction", handle, module.getValue(), name);
        functions.put(name, new CudaFunction(name, handle.getValue()));
      }
    } catch (RuntimeException | Error e) {
      giveBack(() -> unload(scope, module.getValue()), e);
      throw e;
    }
    return new CudaModule(context, module.getValue(), Map.copyOf(functions));
  }

  private static void unload(CudaScope scope, Pointer module) {
    scope.call("unload a program", "cuModuleUnload", module);
  }

  /** Gives something back after a failure, which stays the failure that is reported. */
  private static void giveBack(AutoCloseable something, Throwable failure) {
    try {
      something.close();
    } catch (Exception e) {
      failure.addSuppressed(e);
    }
  }

  /**
   * Memory of the GPU, not cleared.
   *
   * @param bytes at least 1
   * @throws CudaException if there is not as much
   */
  public DeviceMemory allocate(long bytes) {
    DeviceMemory memory = null;
    try (CudaScope scope = enter()) {
      memory = scope.allocate(bytes);
    } catch (RuntimeException | Error e) {
      if (memory != null) {
        giveBack(memory, e);
      }
      throw e;
    }
    return memory;
  }

  /** Makes the GPU's context the calling thread's current one. */
  public CudaScope enter() {
    return context.enter();
  }

  /** One of the kernels that were asked for. */
  public CudaFunction function(String name) {
    CudaFunction function = functions.get(name);
    if (function == null) {
      throw new IllegalArgumentException("Cannot find function " + name + ": it was not loaded");
    }
    return function;
  }

  /** The GPU, from 0. */
  public int ordinal() {
    return context.ordinal();
  }

  /** Unloads the program and lets go of the context. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      try (context;
          CudaScope scope = context.enter()) {
        unload(scope, module);
      }
    }
  }
}
