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
  /** Channels that a label of one byte can name. */
  public static final int MOST_CLASSES = 256;

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

  /**
   * Finds the channel in which upsampled maps are greatest, the first of equal ones, by the formula
   * {@code a + (b - a) rest} in float, over columns and then over rows.
   *
   * @param x {@code [n, h, w, c]} with at most {@link #MOST_CLASSES} channels
   * @param labels gets {@code [n, height, width]}, bytes without a sign
   */
  public static void argMax(INDArray x, int height, int width, byte[] labels) {
    argMax(NativeLibrary.bestInstructionSet(), ComputeThreads.count(), x, height, width, labels);
  }

  static void argMax(
      int instructionSet, int threads, INDArray x, int height, int width, byte[] labels) {
    DenseFloats.require(x.shape(), x);
    long[] y = {x.size(0), height, width, x.size(3)};
    if (x.size(3) > MOST_CLASSES || labels.length != x.size(0) * height * width) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot label %d pixels of %s: there are %d labels, for at most %d channels",
              x.size(0) * height * width,
              Arrays.toString(y),
              labels.length,
              MOST_CLASSES));
    }
    NativeLoops.argMax(
        instructionSet, geometry(x.shape(), y, threads), labels, DenseFloats.address(x));
    Reference.reachabilityFence(x);
  }

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
    return geometry(x.shape(), y.shape(), threads);
  }

  /** The fields of the native structure Upsampling, in their order. */
  private static int[] geometry(long[] x, long[] y, int threads) {
    return new int[] {
      Math.toIntExact(x[0]),
      Math.toIntExact(x[1]),
      Math.toIntExact(x[2]),
      Math.toIntExact(y[1]),
      Math.toIntExact(y[2]),
      Math.toIntExact(x[3]),
      threads
    };
  }
}
