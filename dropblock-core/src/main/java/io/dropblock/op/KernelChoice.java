package io.dropblock.op;

import io.dropblock.cpu.ComputeThreads;
import io.dropblock.cpu.NativeLibrary;
import io.dropblock.cuda.CudaDriver;
import io.dropblock.cuda.CudaException;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner.ExecutionerType;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Picks a kernel. Kernels are kept, one for each number of threads, as they own threads. */
final class KernelChoice {
  private static final Logger LOG = LoggerFactory.getLogger(DropBlockKernel.class);
  private static final ConcurrentMap<Integer, DropBlockKernel> KERNELS = new ConcurrentHashMap<>();

  /** A GPU's kernel, or nothing where there can be none. */
  private static final ConcurrentMap<Integer, Optional<CudaKernel>> ON_GPU =
      new ConcurrentHashMap<>();

  private KernelChoice() {}

  static DropBlockKernel onGpu(int device) {
    Optional<CudaKernel> kernel = ON_GPU.computeIfAbsent(device, KernelChoice::open);
    return kernel.isPresent() ? kernel.get() : fastest();
  }

  private static Optional<CudaKernel> open(int device) {
    try {
      CudaDriver driver = CudaDriver.open();
      CudaKernel kernel = CudaKernel.open(driver, device);
      LOG.info("DropBlock runs on CudaKernel, GPU {}: {}", device, driver.device(device).name());
      return Optional.of(kernel);
    } catch (CudaException e) {
      LOG.warn("DropBlock does not run on GPU {}: {}", device, e.getMessage());
      return Optional.empty();
    }
  }

  static DropBlockKernel fastest() {
    return InPlace.KERNEL != null
        ? InPlace.KERNEL
        : KERNELS.computeIfAbsent(ComputeThreads.count(), KernelChoice::pick);
  }

  /** For arrays that are on a GPU; made when ND4J has started. */
  private static final class InPlace {
    private static final DropBlockKernel KERNEL =
        Nd4j.getExecutioner().type() == ExecutionerType.CUDA
            ? DeviceArrays.find().map(InPlace::kernel).orElse(null)
            : null;

    private static DropBlockKernel kernel(DeviceArrays arrays) {
      LOG.info("DropBlock runs on CudaKernel, in place on ND4J's arrays");
      ConcurrentMap<Integer, CudaKernel> kernels = new ConcurrentHashMap<>();
      return new InPlaceKernel(
          arrays,
          device ->
              kernels.computeIfAbsent(
                  device, ordinal -> CudaKernel.open(CudaDriver.open(), ordinal)));
    }
  }

  private static DropBlockKernel pick(int threads) {
    if (NativeLibrary.problem() != null) {
      LOG.warn(
          "DropBlock runs on ReferenceKernel, a hundred times slower than CpuKernel: {}",
          NativeLibrary.problem());
      return new ReferenceKernel();
    }
    LOG.info("DropBlock runs on CpuKernel with {} thread{}", threads, threads == 1 ? "" : "s");
    return new CpuKernel(threads);
  }
}
