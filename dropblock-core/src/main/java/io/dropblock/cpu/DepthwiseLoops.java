package io.dropblock.cpu;

import java.lang.ref.Reference;
import java.util.Locale;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A depthwise convolution of dense float maps {@code [samples, height, width, channels]}, forward
 * and backward: each channel has a kernel of its own. What lies outside the input counts as 0.
 *
 * @param kernelHeight of the kernel, 1 to {@value #MOST_KERNEL}
 * @param kernelWidth of the kernel, likewise
 * @param stride pixels of the input from one of the output to the next, at least 1
 * @param padTop rows outside the input above its first, 0 to below the kernel's height
 * @param padLeft columns likewise
 * @param relu whether the input is cut off below 0 before it is multiplied
 */
public record DepthwiseLoops(
    int kernelHeight, int kernelWidth, int stride, int padTop, int padLeft, boolean relu) {
  /** The largest height and width of a kernel. */
  public static final int MOST_KERNEL = 11;

  /** Checks the ranges. */
  public DepthwiseLoops {
    if (Math.min(kernelHeight, kernelWidth) < 1
        || Math.max(kernelHeight, kernelWidth) > MOST_KERNEL
        || stride < 1
        || Math.min(padTop, padLeft) < 0
        || padTop >= kernelHeight
        || padLeft >= kernelWidth) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot convolve channels with kernel %dx%d, stride %d, padding %dx%d",
              kernelHeight,
              kernelWidth,
              stride,
              padTop,
              padLeft));
    }
  }

  /** Whether the loops are there and take all these arrays: dense floats. */
  public static boolean take(INDArray... arrays) {
    return DenseFloats.are(arrays);
  }

  /**
   * Computes the output.
   *
   * @param x {@code [n, h, w, c]}
   * @param weights {@code [kernel height, kernel width, c, 1]}
   * @param y gets the result, {@code [n, h', w', c]}: as many pixels as are asked for; memory of
   *     its own
   */
  public void forward(INDArray x, INDArray weights, INDArray y) {
    forward(NativeLibrary.bestInstructionSet(), ComputeThreads.count(), x, weights, y);
  }

  void forward(int instructionSet, int threads, INDArray x, INDArray weights, INDArray y) {
    require(x, weights, y);
    NativeLoops.depthwiseForward(
        instructionSet,
        geometry(x, y, threads),
        DenseFloats.address(y),
        DenseFloats.address(x),
        DenseFloats.address(weights));
    Reference.reachabilityFence(x);
    Reference.reachabilityFence(weights);
    Reference.reachabilityFence(y);
  }

  /**
   * Computes the gradients.
   *
   * @param x the input of the forward pass
   * @param weights {@code [kernel height, kernel width, c, 1]}
   * @param dy the gradient at the output, {@code [n, h', w', c]}
   * @param dx gets the gradient at the input, if that is wanted; memory of its own
   * @param dWeights gets the gradient at the weights
   */
  public void backward(
      INDArray x, INDArray weights, INDArray dy, Optional<INDArray> dx, INDArray dWeights) {
    backward(
        NativeLibrary.bestInstructionSet(), ComputeThreads.count(), x, weights, dy, dx, dWeights);
  }

  void backward(
      int instructionSet,
      int threads,
      INDArray x,
      INDArray weights,
      INDArray dy,
      Optional<INDArray> dx,
      INDArray dWeights) {
    require(x, weights, dy);
    DenseFloats.require(weights.shape(), dWeights);
    dx.ifPresent(array -> DenseFloats.require(x.shape(), array));
    NativeLoops.depthwiseBackward(
        instructionSet,
        geometry(x, dy, threads),
        dx.map(DenseFloats::address).orElse(0L),
        DenseFloats.address(dWeights),
        DenseFloats.address(dy),
        DenseFloats.address(x),
        DenseFloats.address(weights));
    Reference.reachabilityFence(x);
    Reference.reachabilityFence(weights);
    Reference.reachabilityFence(dy);
    Reference.reachabilityFence(dx);
    Reference.reachabilityFence(dWeights);
  }

  private void require(INDArray x, INDArray weights, INDArray y) {
    if (x.rank() != 4 || y.rank() != 4) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot convolve channels of arrays of rank %d and %d: 4 is needed",
              x.rank(),
              y.rank()));
    }
    DenseFloats.require(x.shape(), x);
    DenseFloats.require(new long[] {x.size(0), y.size(1), y.size(2), x.size(3)}, y);
    DenseFloats.require(new long[] {kernelHeight, kernelWidth, x.size(3), 1}, weights);
  }

  /** The fields of the native structure Depthwise, in their order. */
  private int[] geometry(INDArray x, INDArray y, int threads) {
    return new int[] {
      Math.toIntExact(x.size(0)),
      Math.toIntExact(x.size(1)),
      Math.toIntExact(x.size(2)),
      Math.toIntExact(y.size(1)),
      Math.toIntExact(y.size(2)),
      Math.toIntExact(x.size(3)),
      kernelHeight,
      kernelWidth,
      stride,
      padTop,
      padLeft,
      relu ? 1 : 0,
      threads
    };
  }
}
