package io.dropblock.cpu;

import java.lang.ref.Reference;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * {@code y = max(a + b, 0)} of dense float maps of one shape and one order in memory, in one pass.
 */
public final class SumLoops {
  private SumLoops() {}

  /** Whether the loops are there and take such maps. */
  public static boolean take(INDArray maps) {
    return NativeLibrary.problem() == null
        && maps.dataType() == DataType.FLOAT
        && MapOrder.of(maps) != null;
  }

  /** Computes {@code y}. {@link #take} accepts all arrays, and they have one {@link MapOrder}. */
  public static void forward(INDArray a, INDArray b, INDArray y) {
    MapOrder order = MapOrder.of(y);
    order.require(a, y.shape());
    order.require(b, y.shape());
    NativeLoops.sumForward(
        NativeLibrary.bestInstructionSet(),
        Nd4j.getEnvironment().maxThreads(),
        address(y),
        address(a),
        address(b),
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
    MapOrder order = MapOrder.of(y);
    order.require(dy, y.shape());
    order.require(dx, y.shape());
    NativeLoops.sumBackward(
        NativeLibrary.bestInstructionSet(),
        Nd4j.getEnvironment().maxThreads(),
        address(dx),
        address(dy),
        address(y),
        y.length());
    Reference.reachabilityFence(y);
    Reference.reachabilityFence(dy);
    Reference.reachabilityFence(dx);
  }

  private static long address(INDArray array) {
    return array.data().addressPointer().address();
  }
}
