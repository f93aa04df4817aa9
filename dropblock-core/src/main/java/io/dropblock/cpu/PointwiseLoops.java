package io.dropblock.cpu;

import java.lang.ref.Reference;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The backward pass of a 1x1 convolution of stride 1 between maps {@code [samples, height, width,
 * channels]}: two products of matrices, by ND4J's OpenBLAS, with nothing brought into another
 * order.
 */
public final class PointwiseLoops {
  private PointwiseLoops() {}

  /** Whether the loops are there and take all these arrays. */
  public static boolean take(INDArray... arrays) {
    for (INDArray array : arrays) {
      if (!DenseFloats.are(array) || array.length() > Integer.MAX_VALUE) {
        return false;
      }
    }
    return true;
  }

  /**
   * Computes the gradients. All arrays are ones that {@link #take} accepts.
   *
   * @param x the input of the forward pass, {@code [n, h, w, in]}
   * @param weights {@code [out, in, 1, 1]}
   * @param dy the gradient at the output, {@code [n, h, w, out]}
   * @param dx gets the gradient at the input
   * @param dWeights gets the gradient at the weights
   */
  public static void backward(
      INDArray x, INDArray weights, INDArray dy, INDArray dx, INDArray dWeights) {
    backward(Nd4j.getEnvironment().maxThreads(), x, weights, dy, dx, dWeights);
  }

  static void backward(
      int threads, INDArray x, INDArray weights, INDArray dy, INDArray dx, INDArray dWeights) {
    long inputs = x.size(3);
    long outputs = dy.size(3);
    DenseFloats.require(x.shape(), x, dx);
    DenseFloats.require(new long[] {x.size(0), x.size(1), x.size(2), outputs}, dy);
    DenseFloats.require(new long[] {outputs, inputs, 1, 1}, weights, dWeights);
    NativeLoops.pointwiseBackward(
        threads,
        Math.toIntExact(x.length() / inputs),
        Math.toIntExact(inputs),
        Math.toIntExact(outputs),
        DenseFloats.address(x),
        DenseFloats.address(weights),
        DenseFloats.address(dy),
        DenseFloats.address(dx),
        DenseFloats.address(dWeights));
    Reference.reachabilityFence(x);
    Reference.reachabilityFence(weights);
    Reference.reachabilityFence(dy);
    Reference.reachabilityFence(dx);
    Reference.reachabilityFence(dWeights);
  }
}
