package io.dropblock.cpu;

import java.lang.ref.Reference;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Batch normalisation, with or without a ReLU behind it, of float maps {@code [samples, channels,
 * height, width]}, or {@code [samples, height, width, channels]}, in as few passes as there can be.
 *
 * <p>{@code y = gamma (x - mean) / sqrt(variance + epsilon) + beta}, channel by channel, then
 * {@code max(y, 0)}. Sums are taken in float over a map's lanes and in double over maps.
 *
 * @param gamma scale, shift and the statistics: one float a channel each, dense
 * @param mean of the batch, written by a forward pass in training
 * @param variance of the batch, that of a population, written likewise
 * @param epsilon added to the variance, above 0
 * @param relu whether a ReLU follows
 * @param channelsLast whether maps are {@code [samples, height, width, channels]}
 */
public record NormLoops(
    INDArray gamma,
    INDArray beta,
    INDArray mean,
    INDArray variance,
    double epsilon,
    boolean relu,
    boolean channelsLast) {

  /** Whether the loops are there and take such an array. */
  public static boolean take(INDArray maps) {
    return DenseFloats.are(maps) && maps.rank() == 4;
  }

  /**
   * Computes {@code y}.
   *
   * @param x what {@link #take} accepts
   * @param y the same shape, {@code x} itself or memory of its own
   * @param training whether mean and variance are those of {@code x}, and are written
   */
  public void forward(INDArray x, INDArray y, boolean training) {
    forward(ComputeThreads.count(), x, y, training);
  }

  void forward(int threads, INDArray x, INDArray y, boolean training) {
    DenseFloats.require(x.shape(), x, y);
    NativeLoops.normForward(
        NativeLibrary.bestInstructionSet(),
        threads,
        channelsLast,
        DenseFloats.address(y),
        DenseFloats.address(x),
        x.size(0),
        channels(x),
        x.length() / x.size(0) / channels(x),
        DenseFloats.address(gamma),
        DenseFloats.address(beta),
        DenseFloats.address(mean),
        DenseFloats.address(variance),
        (float) epsilon,
        relu,
        training);
    Reference.reachabilityFence(x);
    Reference.reachabilityFence(y);
    Reference.reachabilityFence(this);
  }

  /**
   * Computes the gradients of a training pass.
   *
   * @param x the input of the forward pass
   * @param dy the gradient at its output; behind the ReLU, if there is one
   * @param dx gets the gradient at its input; memory of its own
   * @param dGamma gets the gradient at gamma, and {@code dBeta} at beta, one float a channel
   */
  public void backward(INDArray x, INDArray dy, INDArray dx, INDArray dGamma, INDArray dBeta) {
    backward(ComputeThreads.count(), x, dy, dx, dGamma, dBeta);
  }

  void backward(
      int threads, INDArray x, INDArray dy, INDArray dx, INDArray dGamma, INDArray dBeta) {
    DenseFloats.require(x.shape(), x, dy, dx);
    NativeLoops.normBackward(
        NativeLibrary.bestInstructionSet(),
        threads,
        channelsLast,
        DenseFloats.address(dx),
        DenseFloats.address(dy),
        DenseFloats.address(x),
        x.size(0),
        channels(x),
        x.length() / x.size(0) / channels(x),
        DenseFloats.address(gamma),
        DenseFloats.address(beta),
        DenseFloats.address(mean),
        DenseFloats.address(variance),
        (float) epsilon,
        relu,
        DenseFloats.address(dGamma),
        DenseFloats.address(dBeta));
    Reference.reachabilityFence(x);
    Reference.reachabilityFence(dy);
    Reference.reachabilityFence(dx);
    Reference.reachabilityFence(dGamma);
    Reference.reachabilityFence(dBeta);
    Reference.reachabilityFence(this);
  }

  /**
   * Below it a moving variance does not fall: of a channel that is the same everywhere for
   * thousands of steps the logarithm would end as that of 0 / 0. Next to any epsilon it is nothing.
   */
  public static final double LEAST_VARIANCE = 1e-38;

  /**
   * Computes updates of the moving statistics in DL4J's form: what is to be subtracted from the
   * moving mean, and from the decimal logarithm of the moving deviation. The variance that goes in
   * is that of a sample, see {@link #correction}.
   *
   * @param count elements of the batch a channel
   * @param decay what the moving statistics keep of themselves, in [0, 1]
   */
  public void updates(
      long count,
      INDArray movingMean,
      INDArray movingLogDeviation,
      double decay,
      INDArray dMean,
      INDArray dLogDeviation) {
    INDArray ofSample = variance.mul(correction(count));
    NativeLoops.normUpdates(
        mean.length(),
        DenseFloats.address(mean),
        DenseFloats.address(ofSample),
        DenseFloats.address(movingMean),
        DenseFloats.address(movingLogDeviation),
        decay,
        DenseFloats.address(dMean),
        DenseFloats.address(dLogDeviation));
    Reference.reachabilityFence(movingMean);
    Reference.reachabilityFence(movingLogDeviation);
    Reference.reachabilityFence(ofSample);
    Reference.reachabilityFence(dMean);
    Reference.reachabilityFence(dLogDeviation);
    Reference.reachabilityFence(this);
  }

  /**
   * What makes the variance of a population of so many elements that of a sample; 1 for a single
   * one, as {@code tensorflow/tensorflow: tensorflow/core/kernels/fused_batch_norm_op.cc} has it.
   */
  public static double correction(long count) {
    return count > 1 ? (double) count / (count - 1) : 1;
  }

  private long channels(INDArray maps) {
    return maps.size(channelsLast ? 3 : 1);
  }
}
