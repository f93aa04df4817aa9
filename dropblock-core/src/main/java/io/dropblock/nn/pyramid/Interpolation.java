package io.dropblock.nn.pyramid;

import io.dropblock.cpu.UpsampleLoops;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Bilinear interpolation of maps {@code [n, h, w, c]} with aligned corners, and its gradient: by
 * definition two products with matrices, over rows and over columns.
 */
final class Interpolation {
  private Interpolation() {}

  /**
   * Computes {@code y = upsampled x + added}.
   *
   * @param x {@code [n, h, w, c]}
   * @param added {@code [n, H, W, c]}
   * @param y gets the result, in the shape of {@code added}: that array itself, or memory of its
   *     own
   */
  static void add(INDArray x, INDArray added, INDArray y) {
    if (UpsampleLoops.take(x, added, y)) {
      UpsampleLoops.forward(x, added, y);
    } else {
      y.assign(upsampled(x, y.size(1), y.size(2)).addi(added));
    }
  }

  /**
   * Computes the gradient at {@code x}.
   *
   * @param dy the gradient at {@code y}, {@code [n, H, W, c]}
   * @param dx gets it, {@code [n, h, w, c]}; memory of its own
   */
  static void backward(INDArray dy, INDArray dx) {
    if (UpsampleLoops.take(dy, dx)) {
      UpsampleLoops.backward(dy, dx);
    } else {
      dx.assign(transposed(dy, dx.size(1), dx.size(2)));
    }
  }

  /** The definition: {@code [n, h, w, c]} to {@code [n, height, width, c]}. */
  static INDArray upsampled(INDArray x, long height, long width) {
    DataType type = x.dataType();
    return product(matrix(x.size(1), height, type), matrix(x.size(2), width, type), x);
  }

  /** The definition of the gradient: {@code [n, H, W, c]} to {@code [n, height, width, c]}. */
  static INDArray transposed(INDArray dy, long height, long width) {
    DataType type = dy.dataType();
    return product(
        matrix(height, dy.size(1), type).transpose(),
        matrix(width, dy.size(2), type).transpose(),
        dy);
  }

  private static INDArray product(INDArray rows, INDArray columns, INDArray maps) {
    INDArray byRow = Nd4j.tensorMmul(rows, maps, new int[][] {{1}, {1}});
    // [rows, n, columns, c] to [columns, rows, n, c]
    INDArray byColumn = Nd4j.tensorMmul(columns, byRow, new int[][] {{1}, {2}});
    return byColumn.permute(2, 1, 0, 3).dup('c');
  }

  /** How much of each of {@code from} pixels is in each of {@code to}: {@code [to, from]}. */
  private static INDArray matrix(long from, long to, DataType type) {
    INDArray matrix = Nd4j.zeros(type, to, from);
    for (long i = 0; i < to; i++) {
      long steps = Math.max(to - 1, 1);
      long before = i * (from - 1) / steps;
      double rest = (double) (i * (from - 1) % steps) / steps;
      matrix.putScalar(i, before, 1 - rest);
      if (rest > 0) {
        matrix.putScalar(i, before + 1, rest);
      }
    }
    return matrix;
  }
}
