package io.dropblock.cpu;

import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.Locale;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Bilinear upsampling with aligned corners of dense float maps {@code [n, h, w, c]}: pixel {@code
 * i} of {@code H} reads at {@code i (h - 1) / (H - 1)} of {@code h}, and at 0 where {@code H} is 1.
 */
public final class UpsampleLoops {
  private UpsampleLoops() {}

  /** Whether the loops are there and take all these arrays: dense floats of rank 4. */
  public static boolean take(INDArray... maps) {
    for (INDArray array : maps) {
      if (array.rank() != 4) {
        return false;
      }
    }
    return DenseFloats.are(maps);
  }

  /**
   * Computes {@code y = upsampled x + added}, in one pass.
   *
   * @param x {@code [n, h, w, c]}
   * @param added {@code [n, H, W, c]}
   * @param y gets the result, in the shape of {@code added}: that array itself, or memory of its
   *     own
   */
  public static void forward(INDArray x, INDArray added, INDArray y) {
    forward(NativeLibrary.bestInstructionSet(), ComputeThreads.count(), x, added, y);
  }

  static void forward(int instructionSet, int threads, INDArray x, INDArray added, INDArray y) {
    DenseFloats.require(y.shape(), added, y);
    NativeLoops.upsampleForward(
        instructionSet,
        geometry(x, y, threads),
        DenseFloats.address(y),
        DenseFloats.address(x),
        DenseFloats.address(added));
    Reference.reachabilityFence(x);
    Reference.reachabilityFence(added);
    Reference.reachabilityFence(y);
  }

  /**
   * Computes the gradient at {@code x}.
   *
   * @param dy the gradient at {@code y}, {@code [n, H, W, c]}
   * @param dx gets it, {@code [n, h, w, c]}; memory of its own
   */
  public static void backward(INDArray dy, INDArray dx) {
    backward(NativeLibrary.bestInstructionSet(), ComputeThreads.count(), dy, dx);
  }

  static void backward(int instructionSet, int threads, INDArray dy, INDArray dx) {
    NativeLoops.upsampleBackward(
        instructionSet,
        geometry(dx, dy, threads),
        DenseFloats.address(dx),
        DenseFloats.address(dy));
    Reference.reachabilityFence(dy);
    Reference.reachabilityFence(dx);
  }

  /** The fields of the native structure Upsampling, in their order. */
  private static int[] geometry(INDArray x, INDArray y, int threads) {
    DenseFloats.require(x.shape(), x);
    DenseFloats.require(y.shape(), y);
    if (x.rank() != 4 || y.rank() != 4 || x.size(0) != y.size(0) || x.size(3) != y.size(3)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot upsample maps of shape %s to %s: samples or channels differ",
              Arrays.toString(x.shape()),
              Arrays.toString(y.shape())));
    }
    return new int[] {
      Math.toIntExact(x.size(0)),
      Math.toIntExact(x.size(1)),
      Math.toIntExact(x.size(2)),
      Math.toIntExact(y.size(1)),
      Math.toIntExact(y.size(2)),
      Math.toIntExact(x.size(3)),
      threads
    };
  }
}
