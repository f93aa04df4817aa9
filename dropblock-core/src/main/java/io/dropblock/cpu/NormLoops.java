package io.dropblock.cpu;

import java.lang.ref.Reference;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Batch normalisation, with or without a ReLU behind it, of float maps {@code [samples, channels,
 * height, width]}, dense in either {@link MapOrder}, in as few passes as there can be.
 *
 * <p>{@code y = gamma (x - mean) / sqrt(variance + epsilon) + beta}, channel by channel, then
 * {@code max(y, 0)}. Sums are taken in float over a map's lanes and in double over maps.
 *
 * @param gamma scale, shift and the statistics: one float a channel each, dense
 * @param mean of the batch, written by a forward pass in training
 * @param variance of the batch, that of a population, written likewise
 * @param epsilon added to the variance, above 0
 * @param relu whether a ReLU follows
 */
public record NormLoops(
    INDArray gamma, INDArray beta, INDArray mean, INDArray variance, double epsilon, boolean relu) {

  /** In channels-last memory their number must be a multiple of this. */
  private static final int LANES = 16;

  /** Whether the loops are there and take such an array. */
  public static boolean take(INDArray maps) {
    if (NativeLibrary.problem() != null || maps.dataType() != DataType.FLOAT) {
      return false;
    }
    MapOrder order = MapOrder.of(maps);
    return order == MapOrder.CHANNELS_FIRST
        || order == MapOrder.CHANNELS_LAST && maps.size(1) % LANES == 0;
  }

  /**
   * Computes {@code y}.
   *
   * @param x what {@link #take} accepts
   * @param y the same shape and order in memory, {@code x} itself or memory of its own
   * @param training whether mean and variance are those of {@code x}, and are written
   */
  public void forward(INDArray x, INDArray y, boolean training) {
    MapOrder order = MapOrder.of(x);
    order.require(y, x.shape());
    NativeLoops.normForward(
        NativeLibrary.bestInstructionSet(),
        Nd4j.getEnvironment().maxThreads(),
        order == MapOrder.CHANNELS_LAST,
        address(y),
        address(x),
        x.size(0),
        x.size(1),
        x.size(2) * x.size(3),
        address(gamma),
        address(beta),
        address(mean),
        address(variance),
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
   * @param dy the gradient at its output; behind the ReLU, if there is one; ordered as {@code x}
   * @param dx gets the gradient at its input; memory of its own, ordered as {@code x}
   * @param dGamma gets the gradient at gamma, and {@code dBeta} at beta, one float a channel
   */
  public void backward(INDArray x, INDArray dy, INDArray dx, INDArray dGamma, INDArray dBeta) {
    MapOrder order = MapOrder.of(x);
    order.require(dy, x.shape());
    order.require(dx, x.shape());
    NativeLoops.normBackward(
        NativeLibrary.bestInstructionSet(),
        Nd4j.getEnvironment().maxThreads(),
        order == MapOrder.CHANNELS_LAST,
        address(dx),
        address(dy),
        address(x),
        x.size(0),
        x.size(1),
        x.size(2) * x.size(3),
        address(gamma),
        address(beta),
        address(mean),
        address(variance),
        (float) epsilon,
        relu,
        address(dGamma),
        address(dBeta));
    Reference.reachabilityFence(x);
    Reference.reachabilityFence(dy);
    Reference.reachabilityFence(dx);
    Reference.reachabilityFence(dGamma);
    Reference.reachabilityFence(dBeta);
    Reference.reachabilityFence(this);
  }

  /**
   * Computes DL4J's updates of the moving statistics: what is to be subtracted from the moving
   * mean, and from the decimal logarithm of the moving deviation.
   *
   * @param decay what the moving statistics keep of themselves, in [0, 1]
   */
  public void updates(
      INDArray movingMean,
      INDArray movingLogDeviation,
      double decay,
      INDArray dMean,
      INDArray dLogDeviation) {
    NativeLoops.normUpdates(
        mean.length(),
        address(mean),
        address(variance),
        address(movingMean),
        address(movingLogDeviation),
        decay,
        address(dMean),
        address(dLogDeviation));
    Reference.reachabilityFence(movingMean);
    Reference.reachabilityFence(movingLogDeviation);
    Reference.reachabilityFence(dMean);
    Reference.reachabilityFence(dLogDeviation);
    Reference.reachabilityFence(this);
  }

  private static long address(INDArray array) {
    return array.data().addressPointer().address();
  }
}
