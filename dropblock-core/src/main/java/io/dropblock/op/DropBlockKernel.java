package io.dropblock.op;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * DropBlock on a four-dimensional tensor: sample a mask, then multiply by it. The backward pass is
 * the forward pass on the gradient, {@code dx = dy * mask * scale}: neither the mask nor the scale
 * depends on x.
 */
public sealed interface DropBlockKernel permits ReferenceKernel {

  /**
   * Draws the blocks to drop, independently for every sample and channel (paper, Algorithm 1).
   *
   * @param key what the mask is a function of
   * @param geometry the feature map and the block
   * @param keepProbability nominal keep probability, 0 to 1
   * @param samples number of samples, at least 1; sample i of the tensor is sample {@code
   *     key.firstSample() + i} of the global batch
   * @param channels number of channels, at least 1
   * @throws IllegalArgumentException if an argument is out of its range
   */
  DropMask sample(
      MaskKey key, BlockGeometry geometry, double keepProbability, int samples, int channels);

  /**
   * Computes {@code output = input * mask * scale}. A multiplication and not a selection, as in the
   * reference: a dropped infinity becomes not-a-number.
   *
   * @param input {@code [samples, channels, height, width]}, or any view of that shape
   * @param output an array of the same shape and data type, which may be {@code input}
   * @throws IllegalArgumentException if a shape is not the mask's
   */
  void apply(DropMask mask, INDArray input, INDArray output);
}
