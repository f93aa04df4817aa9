package io.dropblock.cuda;

/**
 * A GPU as the driver describes it.
 *
 * @param ordinal its number in this process, from 0: the position in {@code CUDA_VISIBLE_DEVICES}
 *     where that is set
 * @param name as NVIDIA markets it
 * @param major first part of the compute capability
 * @param minor second part of the compute capability
 * @param totalMemory in bytes
 */
public record CudaDevice(int ordinal, String name, int major, int minor, long totalMemory) {

  /** The compute capability as it is written: {@code 8.6}. */
  public String capability() {
    return major + "." + minor;
  }
}
