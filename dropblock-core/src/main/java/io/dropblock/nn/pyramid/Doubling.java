package io.dropblock.nn.pyramid;

import io.dropblock.cpu.DoublingLoops;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Maps {@code [n, h, w, c]} whose pixels become squares of 2 x 2, and the gradient of that. */
final class Doubling {
  private Doubling() {}

  /**
   * Computes {@code y = doubled x + added}.
   *
   * @param x {@code [n, h, w, c]}
   * @param added {@code [n, 2 h, 2 w, c]}
   * @param y gets the result, in the shape of {@code added}: that array itself, or memory of its
   *     own
   */
  static void add(INDArray x, INDArray added, INDArray y) {
    if (DoublingLoops.take(x, added, y)) {
      DoublingLoops.forward(x, added, y);
    } else {
      y.assign(doubled(x).addi(added));
    }
  }

  /**
   * Computes the gradient at {@code x}.
   *
   * @param dy the gradient at {@code y}, {@code [n, 2 h, 2 w, c]}
   * @param dx gets it, {@code [n, h, w, c]}; memory of its own
   */
  static void backward(INDArray dy, INDArray dx) {
    if (DoublingLoops.take(dy, dx)) {
      DoublingLoops.backward(dy, dx);
    } else {
      dx.assign(sums(dy));
    }
  }

  /** The definition: {@code [n, h, w, c]} to {@code [n, 2 h, 2 w, c]}. */
  static INDArray doubled(INDArray x) {
    return x.repeat(1, 2).repeat(2, 2);
  }

  /** The definition of the gradient: {@code [n, 2 h, 2 w, c]} to {@code [n, h, w, c]}. */
  static INDArray sums(INDArray dy) {
    long[] shape = {dy.size(0), dy.size(1) / 2, 2, dy.size(2) / 2, 2, dy.size(3)};
    return dy.reshape('c', shape).sum(2, 4);
  }
}
