package io.dropblock.cpu;

import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A convolution between maps {@code [samples, height, width, channels]}, forward and backward, for
 * kernels and strides of any size. What lies outside the input counts as 0.
 *
 * <p>1x1 convolutions are products of matrices, in place; 3x3 ones of stride 1 are done with 4/9 of
 * the multiplications (Lavin and Gray, Fast Algorithms for Convolutional Neural Networks, 2015,
 * F(2x2, 3x3)) where the input has a multiple of 16 channels and the output at least 16; all others
 * gather what belongs to a pixel of the output first. Sums are floats, with the rounding errors
 * that floats have.
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
          String.format(
              Locale.ROOT,
              "Cannot convolve with kernel %dx%d, stride %dx%d, padding %dx%d",
              kernelHeight,
              kernelWidth,
              strideHeight,
              strideWidth,
              padTop,
              padLeft));
    }
  }

  /** Whether the loops are there and take all these arrays: dense floats. */
  public static boolean take(INDArray... arrays) {
    return DenseFloats.are(arrays);
  }

  /**
   * {@code y = x * w}, finished.
   *
   * @param x {@code [n, h, w, in]}
   * @param weights {@code [out, in, kernel height, kernel width]}
   * @param finish bias {@code [out]} or {@code [1, out]}; what is added in the shape of {@code y},
   *     {@code y} itself or memory of its own
   * @param y gets the result, {@code [n, h', w', out]}: as many pixels as are asked for, also where
   *     a part of the kernel, or all of it, lies outside
   */
  public void forward(INDArray x, INDArray weights, Finish finish, INDArray y) {
    forward(NativeLibrary.bestInstructionSet(), ComputeThreads.count(), x, weights, finish, y);
  }

  void forward(
      int instructionSet, int threads, INDArray x, INDArray weights, Finish finish, INDArray y) {
    require(x, weights.shape(), finish.bias(), y);
    DenseFloats.require(weights.shape(), weights);
    forward(instructionSet, threads, x, DenseFloats.address(weights), false, finish, y);
    Reference.reachabilityFence(weights);
  }

  /** The same with weights that {@link #pack} has packed, and which have their shape. */
  public void forward(INDArray x, PackedWeights weights, Finish finish, INDArray y) {
    forward(ComputeThreads.count(), x, weights, finish, y);
  }

  void forward(int threads, INDArray x, PackedWeights weights, Finish finish, INDArray y) {
    requireWay(weights, false);
    require(x, weights.shape(), finish.bias(), y);
    forward(weights.instructionSet(), threads, x, weights.address(), true, finish, y);
    Reference.reachabilityFence(weights);
  }

  private void forward(
      int instructionSet,
      int threads,
      INDArray x,
      long weights,
      boolean packed,
      Finish finish,
      INDArray y) {
    finish.added().ifPresent(array -> DenseFloats.require(y.shape(), array));
    NativeLoops.convolutionForward(
        instructionSet,
        geometry(x, y, threads),
        DenseFloats.address(y),
        DenseFloats.address(x),
        weights,
        packed,
        finish.bias().map(DenseFloats::address).orElse(0L),
        finish.added().map(DenseFloats::address).orElse(0L),
        finish.relu());
    Reference.reachabilityFence(x);
    Reference.reachabilityFence(finish);
    Reference.reachabilityFence(y);
  }

  /**
   * Packs weights for passes of maps of any size. Strides are the record's own: what is packed for
   * one is not for another.
   *
   * @param weights {@code [out, in, kernel height, kernel width]}
   */
  public PackedWeights pack(INDArray weights) {
    return pack(NativeLibrary.bestInstructionSet(), ComputeThreads.count(), false, weights);
  }

  /** The same for the way back, to the gradient at the input. */
  public PackedWeights packBack(INDArray weights) {
    return pack(NativeLibrary.bestInstructionSet(), ComputeThreads.count(), true, weights);
  }

  PackedWeights pack(int instructionSet, int threads, boolean back, INDArray weights) {
    long[] shape = weights.shape();
    DenseFloats.require(new long[] {shape[0], shape[1], kernelHeight, kernelWidth}, weights);
    int[] geometry =
        geometry(new long[] {1, 1, 1, shape[1]}, new long[] {1, 1, 1, shape[0]}, threads);
    return new PackedWeights(instructionSet, geometry, back, weights);
  }

  private static void requireWay(PackedWeights weights, boolean back) {
    if (weights.isBack() != back) {
      throw new IllegalArgumentException(
          "Cannot convolve: the weights are packed for the way " + (back ? "forward" : "back"));
    }
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
    DenseFloats.require(dWeights.shape(), weights);
    backward(
        instructionSet, threads, x, DenseFloats.address(weights), false, dy, dx, dWeights, dBias);
    Reference.reachabilityFence(weights);
  }

  /** The same with weights that {@link #packBack} has packed. */
  public void backward(
      INDArray x,
      PackedWeights weights,
      INDArray dy,
      Optional<INDArray> dx,
      INDArray dWeights,
      Optional<INDArray> dBias) {
    backward(ComputeThreads.count(), x, weights, dy, dx, dWeights, dBias);
  }

  void backward(
      int threads,
      INDArray x,
      PackedWeights weights,
      INDArray dy,
      Optional<INDArray> dx,
      INDArray dWeights,
      Optional<INDArray> dBias) {
    requireWay(weights, true);
    require(x, weights.shape(), dBias, dy);
    backward(
        weights.instructionSet(), threads, x, weights.address(), true, dy, dx, dWeights, dBias);
    Reference.reachabilityFence(weights);
  }

  private void backward(
      int instructionSet,
      int threads,
      INDArray x,
      long weights,
      boolean packed,
      INDArray dy,
      Optional<INDArray> dx,
      INDArray dWeights,
      Optional<INDArray> dBias) {
    require(x, dWeights.shape(), dBias, dy);
    DenseFloats.require(dWeights.shape(), dWeights);
    dx.ifPresent(array -> DenseFloats.require(x.shape(), array));
    NativeLoops.convolutionBackward(
        instructionSet,
        geometry(x, dy, threads),
        dx.map(DenseFloats::address).orElse(0L),
        DenseFloats.address(dWeights),
        dBias.map(DenseFloats::address).orElse(0L),
        DenseFloats.address(dy),
        DenseFloats.address(x),
        weights,
        packed);
    Reference.reachabilityFence(x);
    Reference.reachabilityFence(dy);
    Reference.reachabilityFence(dx);
    Reference.reachabilityFence(dWeights);
    Reference.reachabilityFence(dBias);
  }

  private void require(INDArray x, long[] weights, Optional<INDArray> bias, INDArray y) {
    if (x.rank() != 4 || y.rank() != 4) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot convolve arrays of rank %d and %d: 4 is needed",
              x.rank(),
              y.rank()));
    }
    DenseFloats.require(x.shape(), x);
    DenseFloats.require(new long[] {x.size(0), y.size(1), y.size(2), y.size(3)}, y);
    long[] needed = {y.size(3), x.size(3), kernelHeight, kernelWidth};
    if (!Arrays.equals(weights, needed)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot convolve with weights of shape %s: %s is needed",
              Arrays.toString(weights),
              Arrays.toString(needed)));
    }
    bias.ifPresent(
        array -> DenseFloats.require(new long[] {y.size(3)}, array.reshape(array.length())));
  }

  private int[] geometry(INDArray x, INDArray y, int threads) {
    return geometry(x.shape(), y.shape(), threads);
  }

  /** The fields of the native structure Convolution, in their order. */
  private int[] geometry(long[] x, long[] y, int threads) {
    return new int[] {
      Math.toIntExact(x[0]),
      Math.toIntExact(x[1]),
      Math.toIntExact(x[2]),
      Math.toIntExact(x[3]),
      Math.toIntExact(y[1]),
      Math.toIntExact(y[2]),
      Math.toIntExact(y[3]),
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
