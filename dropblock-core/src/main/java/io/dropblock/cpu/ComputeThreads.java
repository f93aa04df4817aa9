package io.dropblock.cpu;

import org.nd4j.linalg.api.ops.executioner.OpExecutioner.ExecutionerType;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * How many threads take part in what a thread computes, itself included.
 *
 * <p>OpenMP, which runs oneDNN, ND4J's own ops and our loops, keeps a number for each thread that
 * calls it. OpenBLAS keeps one for the process, the last that was set. At the start both are {@code
 * OMP_NUM_THREADS}, or the processors.
 *
 * <p>Where ND4J computes on a GPU there is nothing to bound: its native library takes the same
 * number for the threads of a CUDA block.
 */
public final class ComputeThreads {
  private ComputeThreads() {}

  /** The number for the calling thread, at least 1; 1 where ND4J computes on a GPU. */
  public static int count() {
    return isOpenMp(backend()) ? Math.max(1, ops().ompGetMaxThreads()) : 1;
  }

  /**
   * Sets the number for the calling thread, and for OpenBLAS in this process. To be called on the
   * thread that is to compute. ND4J has setters, too, which bound neither oneDNN nor OpenBLAS.
   *
   * @param count at least 1; ND4J's own ops never take more than they might at the start
   * @throws IllegalArgumentException if it is below 1
   */
  public static void set(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("Invalid number of threads: " + count);
    }
    if (isOpenMp(backend())) {
      ops().setOmpNumThreads(count);
      Nd4j.factory().blas().setMaxThreads(count);
    }
  }

  /** Whether the number that a backend's native ops take is one of OpenMP's threads. */
  static boolean isOpenMp(ExecutionerType backend) {
    return backend == ExecutionerType.NATIVE_CPU;
  }

  /** Starts ND4J, without which there are no native ops. */
  private static ExecutionerType backend() {
    return Nd4j.getExecutioner().type();
  }

  private static NativeOps ops() {
    return NativeOpsHolder.getInstance().getDeviceNativeOps();
  }
}
