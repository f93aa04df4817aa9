package io.dropblock.op;

import io.dropblock.cpu.ComputeThreads;
import io.dropblock.cpu.NativeLibrary;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Picks a kernel. Kernels are kept, one for each number of threads, as they own threads. */
final class KernelChoice {
  private static final Logger LOG = LoggerFactory.getLogger(DropBlockKernel.class);
  private static final ConcurrentMap<Integer, DropBlockKernel> KERNELS = new ConcurrentHashMap<>();

  private KernelChoice() {}

  static DropBlockKernel fastest() {
    return KERNELS.computeIfAbsent(ComputeThreads.count(), KernelChoice::pick);
  }

  private static DropBlockKernel pick(int threads) {
    if (NativeLibrary.problem() != null) {
      LOG.warn(
          "DropBlock runs on ReferenceKernel, a hundred times slower than CpuKernel: {}",
          NativeLibrary.problem());
      return new ReferenceKernel();
    }
    LOG.info("DropBlock runs on CpuKernel with {} threads", threads);
    return new CpuKernel(threads);
  }
}
