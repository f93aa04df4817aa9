package io.dropblock.op;

import org.nd4j.linalg.api.ndarray.INDArray;

/** The op on main memory. */
public final class CpuKernel implements DropBlockKernel {
  private final DropBlockKernel definition = new ReferenceKernel();

  /**
   * @param threads threads to use, the caller's included, at least 1
   * @throws IllegalArgumentException if it is below 1
   */
  public CpuKernel(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("Invalid number of threads: " + threads);
    }
  }

  @Override
  public DropMask sample(
      MaskKey key, BlockGeometry geometry, MaskSettings settings, int samples, int channels) {
    return definition.sample(key, geometry, settings, samples, channels);
  }

  @Override
  public void apply(DropMask mask, INDArray input, INDArray output) {
    definition.apply(mask, input, output);
  }
}
