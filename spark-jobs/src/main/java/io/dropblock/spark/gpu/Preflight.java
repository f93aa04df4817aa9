package io.dropblock.spark.gpu;

import io.dropblock.cuda.CudaDriver;
import java.util.Locale;
import java.util.Optional;

/**
 * Whether {@code nd4j-cuda-11.6} can train on a GPU, told before it tries: it would end in the
 * middle of a step, with an error that does not say why.
 *
 * @param needed bytes of the GPU's memory that must be free
 */
record Preflight(long needed) {
  /** CUDA 11.0: any driver from 450.80.02 serves all of CUDA 11 (NVIDIA, CUDA Compatibility). */
  private static final int OLDEST_DRIVER = 11_000;

  /**
   * Our kernel's, as dropblock.cu is compiled for it; nd4j-cuda-11.6 itself begins with 3.7. Its
   * library holds machine code up to 8.6, without PTX that newer GPUs could be served with.
   */
  private static final int LEAST_CAPABILITY = 50;

  private static final int MOST_CAPABILITY = 86;

  /** In words, why not; empty if it can. */
  Optional<String> obstacle(HostGpu gpu) {
    if (gpu.driver() < OLDEST_DRIVER) {
      return Optional.of(
          String.format(
              Locale.ROOT,
              "its driver is for CUDA %s, and nd4j-cuda-11.6 needs one for CUDA 11.0 or later: 450.80.02",
              CudaDriver.words(gpu.driver())));
    }
    if (gpu.capability() < LEAST_CAPABILITY || gpu.capability() > MOST_CAPABILITY) {
      return Optional.of(
          String.format(
              Locale.ROOT,
              "its compute capability is %s, and training needs one of 5.0 to 8.6: %s",
              gpu.major() + "." + gpu.minor(),
              gpu.capability() > MOST_CAPABILITY
                  ? "nd4j-cuda-11.6 has no code for newer GPUs"
                  : "DropBlock's kernel has no code for older GPUs"));
    }
    if (gpu.freeMemory() < needed) {
      return Optional.of(
          String.format(
              Locale.ROOT,
              "%d MiB of its memory are free, and %s asks for %d MiB; does another process use it?",
              gpu.freeMemory() >> 20,
              GpuSettings.FREE_MEMORY,
              needed >> 20));
    }
    return Optional.empty();
  }
}
