package io.dropblock.cpu;

import java.lang.ref.Reference;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The order in which maps lie in memory. */
public final class ChannelsLastLoop {
  private ChannelsLastLoop() {}

  /** Whether the loops are there and take such an array: dense floats of rank 4. */
  public static boolean take(INDArray maps) {
    return DenseFloats.are(maps) && maps.rank() == 4;
  }

  /**
   * Copies maps with the channels last.
   *
   * @param x {@code [n, c, h, w]}, what {@link #take} accepts
   * @param y gets {@code [n, h, w, c]}; memory of its own
   */
  public static void channelsLast(INDArray x, INDArray y) {
    DenseFloats.require(x.shape(), x);
    DenseFloats.require(new long[] {x.size(0), x.size(2), x.size(3), x.size(1)}, y);
    NativeLoops.channelsLast(
        ComputeThreads.count(),
        DenseFloats.address(y),
        DenseFloats.address(x),
        x.size(0),
        x.size(1),
        x.size(2) * x.size(3));
    Reference.reachabilityFence(x);
    Reference.reachabilityFence(y);
  }
}
