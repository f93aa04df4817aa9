package io.dropblock.cpu;

import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * How many threads take part in what a thread computes, itself included.
 *
 * <p>OpenMP, which runs oneDNN, ND4J's own ops and our loops, keeps a number for each thread that
 * calls it. OpenBLAS keeps one for the process, the last that was set. At the start both are {@code
 * OMP_NUM_THREADS}, or the processors.
 */
public final class ComputeThreads {
  private ComputeThreads() {}

  /** The number for the calling thread, at least 1. */
  public static int count() {
    return Math.max(1, ops().ompGetMaxThreads());
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
    ops().setOmpNumThreads(count);
    Nd4j.factory().blas().setMaxThreads(count);
  }

  private static NativeOps ops() {
    // First, as it starts ND4J, without which there are no native ops
    Nd4j.getExecutioner();
    return NativeOpsHolder.getInstance().getDeviceNativeOps();
  }
}
