package io.dropblock.spark.gpu;

import io.dropblock.cuda.CudaDevice;
import io.dropblock.cuda.CudaDriver;

/**
 * What NVIDIA's driver says about a GPU, asked without ND4J.
 *
 * @param driver the newest CUDA that it serves: 11060 is CUDA 11.6
 * @param name as NVIDIA markets it
 * @param major first part of the compute capability
 * @param minor second part of the compute capability
 * @param freeMemory bytes that nobody uses
 */
record HostGpu(int driver, String name, int major, int minor, long freeMemory) {

  /**
   * Asks about one of this process' GPUs.
   *
   * @throws io.dropblock.cuda.CudaException if there is no driver, or no such GPU
   */
  static HostGpu ask(int device) {
    CudaDriver driver = CudaDriver.open();
    CudaDevice gpu = driver.device(device);
    return new HostGpu(
        driver.version(), gpu.name(), gpu.major(), gpu.minor(), driver.freeMemory(device));
  }

  /** The compute capability as one number: 86 is 8.6. */
  int capability() {
    return 10 * major + minor;
  }
}
