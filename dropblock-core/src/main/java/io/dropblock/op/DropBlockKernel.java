package io.dropblock.op;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * DropBlock on a four-dimensional tensor: sample a mask, then multiply by it. The backward pass is
 * the forward pass on the gradient, {@code dx = dy * mask * scale}: neither the mask nor the scale
 * depends on x.
 *
 * <p>All kernels give the same masks and the same outputs, bit for bit; {@link ReferenceKernel} is
 * the definition. Kernels have no state and may be used by many threads at once.
 */
public sealed interface DropBlockKernel
    permits ReferenceKernel, CpuKernel, CudaKernel, InPlaceKernel {

  /**
   * The fastest kernel for the arrays of this process: {@link CpuKernel} on as many threads as the
   * calling one computes with ({@link io.dropblock.cpu.ComputeThreads}), if ND4J's arrays are in
   * main memory; {@link CudaKernel} in place, if they are on a GPU. Which one it is, and why, is
   * logged once.
   */
  static DropBlockKernel fastest() {
    return KernelChoice.fastest();
  }

  /**
   * {@link CudaKernel} on a GPU, or {@link #fastest()} where it cannot be used; why is logged once.
   * Takes arrays in main memory, as every kernel does; {@link CudaKernel} says how those in the
   * GPU's memory are served.
   *
   * @param device the GPU, from 0
   */
  static DropBlockKernel onGpu(int device) {
    return KernelChoice.onGpu(device);
  }

  /**
   * Draws the blocks to drop, independently for every sample, and for every channel unless they
   * share a mask (paper, Algorithm 1).
   *
   * @param key what the mask is a function of
   * @param geometry the feature map and the block
   * @param settings how much to drop, and what the rest is scaled by
   * @param samples number of samples, at least 1; sample i of the tensor is sample {@code
   *     key.firstSample() + i} of the global batch
   * @param channels number of channels, at least 1
   * @throws IllegalArgumentException if an argument is out of its range
   */
  DropMask sample(
      MaskKey key, BlockGeometry geometry, MaskSettings settings, int samples, int channels);

  /**
   * Computes {@code output = input * mask * scale}. A multiplication and not a selection, as in the
   * reference: a dropped infinity becomes not-a-number.
   *
   * @param input {@code [samples, channels, height, width]} of a floating point type, or any view
   *     of that shape; channels-last arrays are passed as their view {@code permute(0, 3, 1, 2)}
   * @param output an array of the same shape and data type: {@code input} itself, or one that
   *     shares no memory with it
   * @throws IllegalArgumentException if a shape is not the mask's, or a type does not fit
   */
  void apply(DropMask mask, INDArray input, INDArray output);
}
