package io.dropblock.cpu;

import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.Locale;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Dense float maps {@code [n, h, w, c]} of which each pixel becomes a square of 2 x 2. */
public final class DoublingLoops {
  private DoublingLoops() {}

  /** Whether the loops are there and take all these arrays: dense floats of rank 4. */
  public static boolean take(INDArray... maps) {
    return Arrays.stream(maps).allMatch(array -> array.rank() == 4) && DenseFloats.are(maps);
  }

  /**
   * Computes {@code y = doubled x + added}, in one pass.
   *
   * @param x {@code [n, h, w, c]}
   * @param added {@code [n, 2 h, 2 w, c]}
   * @param y gets the result, in the shape of {@code added}: that array itself, or memory of its
   *     own
   * @throws IllegalArgumentException if the shapes do not fit, or {@link #take} does not accept one
   */
  public static void forward(INDArray x, INDArray added, INDArray y) {
    forward(ComputeThreads.count(), x, added, y);
  }

  static void forward(int threads, INDArray x, INDArray added, INDArray y) {
    requireFit(x, y);
    DenseFloats.require(y.shape(), added);
    NativeLoops.doublingForward(
        threads,
        x.size(0) * x.size(1),
        x.size(2),
        x.size(3),
        DenseFloats.address(y),
        DenseFloats.address(x),
        DenseFloats.address(added));
    Reference.reachabilityFence(x);
    Reference.reachabilityFence(added);
    Reference.reachabilityFence(y);
  }

  /**
   * Computes the gradient at {@code x}: sums of squares of 2 x 2.
   *
   * @param dy the gradient at {@code y}, {@code [n, 2 h, 2 w, c]}
   * @param dx gets it, {@code [n, h, w, c]}; memory of its own
   * @throws IllegalArgumentException if the shapes do not fit, or {@link #take} does not accept one
   */
  public static void backward(INDArray dy, INDArray dx) {
    backward(ComputeThreads.count(), dy, dx);
  }

  static void backward(int threads, INDArray dy, INDArray dx) {
    requireFit(dx, dy);
    NativeLoops.doublingBackward(
        threads,
        dx.size(0) * dx.size(1),
        dx.size(2),
        dx.size(3),
        DenseFloats.address(dx),
        DenseFloats.address(dy));
    Reference.reachabilityFence(dy);
    Reference.reachabilityFence(dx);
  }

  private static void requireFit(INDArray coarse, INDArray fine) {
    DenseFloats.require(coarse.shape(), coarse);
    DenseFloats.require(fine.shape(), fine);
    if (coarse.rank() != 4
        || !Arrays.equals(
            fine.shape(),
            new long[] {coarse.size(0), 2 * coarse.size(1), 2 * coarse.size(2), coarse.size(3)})) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot double maps of shape %s to %s: [n, h, w, c] and [n, 2 h, 2 w, c] are needed",
              Arrays.toString(coarse.shape()),
              Arrays.toString(fine.shape())));
    }
  }
}
