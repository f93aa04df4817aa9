package io.dropblock.cpu;

import java.lang.ref.Reference;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A convolution between maps {@code [samples, height, width, channels]}, forward and backward, for
 * kernels and strides of any size. What lies outside the input counts as 0.
 *
 * <p>1x1 convolutions are products of matrices, in place; 3x3 ones of stride 1 are done with 4/9 of
 * the multiplications (Lavin and Gray, Fast Algorithms for Convolutional Neural Networks, 2015,
 * F(2x2, 3x3)) where both numbers of channels are multiples of 16; all others gather what belongs
 * to a pixel of the output first. Sums are floats, with the rounding errors that floats have.
 *
 * @param kernelHeight of the kernel, at least 1
 * @param kernelWidth of the kernel, at least 1
 * @param strideHeight rows of the input from one row of the output to the next, at least 1
 * @param strideWidth columns likewise
 * @param padTop rows outside the input above its first, at least 0
 * @param padLeft columns likewise
 */
public record ConvolutionLoops(
    int kernelHeight, int kernelWidth, int strideHeight, int strideWidth, int padTop, int padLeft) {

  /** Checks the ranges. */
  public ConvolutionLoops {
    if (Math.min(kernelHeight, kernelWidth) < 1
        || Math.min(strideHeight, strideWidth) < 1
        || Math.min(padTop, padLeft) < 0) {
      throw new IllegalArgumentException(
          "Cannot convolve with kernel %dx%d, stride %dx%d, padding %dx%d"
              .formatted(kernelHeight, kernelWidth, strideHeight, strideWidth, padTop, padLeft));
    }
  }

  /** Whether the loops are there and take all these arrays: dense floats. */
  public static boolean take(INDArray... arrays) {
    return DenseFloats.are(arrays);
  }

  /**
   * {@code y = x * w + bias}, or the greater of that and 0.
   *
   * @param x {@code [n, h, w, in]}
   * @param weights {@code [out, in, kernel height, kernel width]}
   * @param bias {@code [out]} or {@code [1, out]}, if there is one
   * @param relu whether negative values become 0; NaN stays NaN
   * @param y gets the result, {@code [n, h', w', out]}: as many pixels as are asked for, also where
   *     a part of the kernel, or all of it, lies outside
   */
  public void forward(
      INDArray x, INDArray weights, Optional<INDArray> bias, boolean relu, INDArray y) {
    forward(NativeLibrary.bestInstructionSet(), ComputeThreads.count(), x, weights, bias, relu, y);
  }

  void forward(
      int instructionSet,
      int threads,
      INDArray x,
      INDArray weights,
      Optional<INDArray> bias,
      boolean relu,
      INDArray y) {
    require(x, weights, bias, y);
    NativeLoops.convolutionForward(
        instructionSet,
        geometry(x, y, threads),
        DenseFloats.address(y),
        DenseFloats.address(x),
        DenseFloats.address(weights),
        bias.map(DenseFloats::address).orElse(0L),
        relu);
    Reference.reachabilityFence(x);
    Reference.reachabilityFence(weights);
    Reference.reachabilityFence(bias);
    Reference.reachabilityFence(y);
  }

  /**
   * The gradients.
   *
   * @param x the input of the forward pass, {@code [n, h, w, in]}
   * @param weights {@code [out, in, kernel height, kernel width]}
   * @param dy the gradient at the output, {@code [n, h', w', out]}
   * @param dx gets the gradient at the input, if that is wanted
   * @param dWeights gets the gradient at the weights
   * @param dBias gets the gradient at the bias, {@code [out]} or {@code [1, out]}, if there is one
   */
  public void backward(
      INDArray x,
      INDArray weights,
      INDArray dy,
      Optional<INDArray> dx,
      INDArray dWeights,
      Optional<INDArray> dBias) {
    backward(
        NativeLibrary.bestInstructionSet(),
        ComputeThreads.count(),
        x,
        weights,
        dy,
        dx,
        dWeights,
        dBias);
  }

  void backward(
      int instructionSet,
      int threads,
      INDArray x,
      INDArray weights,
      INDArray dy,
      Optional<INDArray> dx,
      INDArray dWeights,
      Optional<INDArray> dBias) {
    require(x, weights, dBias, dy);
    DenseFloats.require(weights.shape(), dWeights);
    dx.ifPresent(array -> DenseFloats.require(x.shape(), array));
    NativeLoops.convolutionBackward(
        instructionSet,
        geometry(x, dy, threads),
        dx.map(DenseFloats::address).orElse(0L),
        DenseFloats.address(dWeights),
        dBias.map(DenseFloats::address).orElse(0L),
        DenseFloats.address(dy),
        DenseFloats.address(x),
        DenseFloats.address(weights));
    Reference.reachabilityFence(x);
    Reference.reachabilityFence(weights);
    Reference.reachabilityFence(dy);
    Reference.reachabilityFence(dx);
    Reference.reachabilityFence(dWeights);
    Reference.reachabilityFence(dBias);
  }

  private void require(INDArray x, INDArray weights, Optional<INDArray> bias, INDArray y) {
    if (x.rank() != 4 || y.rank() != 4) {
      throw new IllegalArgumentException(
          "Cannot convolve arrays of rank %d and %d: 4 is needed".formatted(x.rank(), y.rank()));
    }
    DenseFloats.require(x.shape(), x);
    DenseFloats.require(new long[] {x.size(0), y.size(1), y.size(2), y.size(3)}, y);
    DenseFloats.require(new long[] {y.size(3), x.size(3), kernelHeight, kernelWidth}, weights);
    bias.ifPresent(
        array -> DenseFloats.require(new long[] {y.size(3)}, array.reshape(array.length())));
  }

  /** The fields of the native structure Convolution, in their order. */
  private int[] geometry(INDArray x, INDArray y, int threads) {
    return new int[] {
      Math.toIntExact(x.size(0)),
      Math.toIntExact(x.size(1)),
      Math.toIntExact(x.size(2)),
      Math.toIntExact(x.size(3)),
      Math.toIntExact(y.size(1)),
      Math.toIntExact(y.size(2)),
      Math.toIntExact(y.size(3)),
      kernelHeight,
      kernelWidth,
      strideHeight,
      strideWidth,
      padTop,
      padLeft,
      threads
    };
  }
}
