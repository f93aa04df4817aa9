package io.dropblock.cpu;

import java.lang.ref.Reference;
import org.nd4j.linalg.api.ndarray.INDArray;

/** {@code y = max(a + b, 0)} of dense float arrays of one shape, in one pass. */
public final class SumLoops {
  private SumLoops() {}

  /** Whether the loops are there and take such an array. */
  public static boolean take(INDArray array) {
    return DenseFloats.are(array);
  }

  /** Computes {@code y}. All arrays are ones that {@link #take} accepts. */
  public static void forward(INDArray a, INDArray b, INDArray y) {
    DenseFloats.require(y.shape(), a, b, y);
    NativeLoops.sumForward(
        NativeLibrary.bestInstructionSet(),
        ComputeThreads.count(),
        DenseFloats.address(y),
        DenseFloats.address(a),
        DenseFloats.address(b),
        y.length());
    Reference.reachabilityFence(a);
    Reference.reachabilityFence(b);
    Reference.reachabilityFence(y);
  }

  /**
   * Computes the gradient at {@code a}, which is that at {@code b}: {@code dx = dy} where {@code y
   * > 0}, else 0.
   */
  public static void backward(INDArray y, INDArray dy, INDArray dx) {
    DenseFloats.require(y.shape(), y, dy, dx);
    NativeLoops.sumBackward(
        NativeLibrary.bestInstructionSet(),
        ComputeThreads.count(),
        DenseFloats.address(dx),
        DenseFloats.address(dy),
        DenseFloats.address(y),
        y.length());
    Reference.reachabilityFence(y);
    Reference.reachabilityFence(dy);
    Reference.reachabilityFence(dx);
  }
}
