package io.dropblock.cuda;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** NVIDIA's driver and the GPUs that it knows. May be used by many threads at once. */
public final class CudaDriver {
  private static final String LIBRARY = "libcuda.so.1";

  /** The first driver with all calls that are used here: 450. */
  private static final int OLDEST = 11_000;

  private static final int CAPABILITY_MAJOR = 75;
  private static final int CAPABILITY_MINOR = 76;
  private static final int LONGEST_NAME = 256;

  private final NativeLibrary library;
  private final int version;

  private CudaDriver(NativeLibrary library) {
    this.library = library;
    call("start the CUDA driver", "cuInit", 0);
    IntByReference answer = new IntByReference();
    call("ask for the version of the CUDA driver", "cuDriverGetVersion", answer);
    version = answer.getValue();
    if (version < OLDEST) {
      throw new CudaException(
          String.format(
              Locale.ROOT,
              "Cannot use the CUDA driver: it is for CUDA %s, and CUDA %s is the oldest that will do; update NVIDIA's driver",
              words(version),
              words(OLDEST)),
          -1);
    }
  }

  /**
   * The driver of this machine.
   *
   * @throws CudaException if there is none, or it is too old, or sees no GPU; the message is one
   *     line and says which
   */
  public static CudaDriver open() {
    return open(LIBRARY);
  }

  /**
   * A driver by the name or path of its library.
   *
   * @throws CudaException as {@link #open()}
   */
  public static CudaDriver open(String library) {
    try {
      return new CudaDriver(NativeLibrary.getInstance(library));
    } catch (VirtualMachineError e) {
      throw e;
    } catch (Error e) { // JNA's own library, too, may be missing, or that of another version
      throw new CudaException("Cannot open the CUDA driver: " + reason(library, e), e);
    }
  }

  /** JNA tells in several lines all that it tried; the second is the system's own reason. */
  private static String reason(String library, Error error) {
    String message = String.valueOf(error.getMessage());
    return message
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith("Unable to load library"))
        .findFirst()
        .orElse(library + " cannot be loaded");
  }

  /** The newest CUDA that the driver can serve: {@code 13000} is CUDA 13.0. */
  public int version() {
    return version;
  }

  /** A version of CUDA as people write it: {@code 11.6}. */
  public static String words(int version) {
    return version / 1000 + "." + version % 1000 / 10;
  }

  /** How many GPUs this process may use. */
  public int deviceCount() {
    IntByReference count = new IntByReference();
    call("count the GPUs", "cuDeviceGetCount", count);
    return count.getValue();
  }

  /**
   * A GPU.
   *
   * @param ordinal from 0 to below {@link #deviceCount()}
   * @throws CudaException if there is no such GPU
   */
  public CudaDevice device(int ordinal) {
    int handle = handle(ordinal);
    byte[] name = new byte[LONGEST_NAME];
    String what = "describe GPU " + ordinal;
    call(what, "cuDeviceGetName", name, name.length, handle);
    LongByReference memory = new LongByReference();
    call(what, "cuDeviceTotalMem_v2", memory, handle);
    return new CudaDevice(
        ordinal,
        terminated(name),
        attribute(what, CAPABILITY_MAJOR, handle),
        attribute(what, CAPABILITY_MINOR, handle),
        memory.getValue());
  }

  private int attribute(String what, int attribute, int handle) {
    IntByReference value = new IntByReference();
    call(what, "cuDeviceGetAttribute", value, attribute, handle);
    return value.getValue();
  }

  private static String terminated(byte[] text) {
    int end = 0;
    while (end < text.length && text[end] != 0) {
      end++;
    }
    return new String(text, 0, end, StandardCharsets.UTF_8);
  }

  /**
   * Bytes of a GPU's memory that nobody uses at the moment. Starts the GPU's context in this
   * process if nothing else has, which takes some 0.2 s and a few hundred MB of that memory.
   *
   * @throws CudaException if there is no such GPU, or it gives us no context
   */
  public long freeMemory(int ordinal) {
    try (CudaContext context = CudaContext.retain(this, ordinal);
        CudaScope scope = context.enter()) {
      LongByReference free = new LongByReference();
      scope.call("ask for free memory", "cuMemGetInfo_v2", free, new LongByReference());
      return free.getValue();
    }
  }

  int handle(int ordinal) {
    IntByReference handle = new IntByReference();
    call("find GPU " + ordinal, "cuDeviceGet", handle, ordinal);
    return handle.getValue();
  }

  /**
   * Calls a function of the driver.
   *
   * @param what for the message: {@code Cannot <what>: <function> gave <error>}
   * @throws CudaException if it does not give CUDA_SUCCESS, or the driver has no such function
   */
  void call(String what, String function, Object... arguments) {
    int code;
    try {
      code = function(function).invokeInt(arguments);
    } catch (UnsatisfiedLinkError e) {
      throw new CudaException(
          String.format(Locale.ROOT, "Cannot %s: the driver has no function %s", what, function),
          e);
    } finally {
      // what the driver was given addresses of
      Reference.reachabilityFence(arguments);
    }
    if (code != 0) {
      throw new CudaException(
          String.format(
              Locale.ROOT, "Cannot %s: %s gave %s (%d)", what, function, name(code), code),
          code);
    }
  }

  private Function function(String name) {
    return library.getFunction(name);
  }

  private String name(int code) {
    PointerByReference name = new PointerByReference();
    int answer = function("cuGetErrorName").invokeInt(new Object[] {code, name});
    Pointer text = name.getValue();
    return answer == 0 && text != null ? text.getString(0) : "an error without a name";
  }
}
