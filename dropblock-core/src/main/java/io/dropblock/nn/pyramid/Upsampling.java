package io.dropblock.nn.pyramid;

import org.nd4j.linalg.api.ndarray.INDArray;

/** How maps become larger. */
public enum Upsampling {
  /** Bilinear, with aligned corners, to any size that is not smaller. */
  BILINEAR {
    @Override
    boolean fits(long from, long to) {
      return from <= to;
    }

    @Override
    void add(INDArray x, INDArray added, INDArray y) {
      Interpolation.add(x, added, y);
    }

    @Override
    void backward(INDArray dy, INDArray dx) {
      Interpolation.backward(dy, dx);
    }
  },

  /** Each pixel becomes a square of 2 x 2, so that both sides double. */
  NEAREST {
    @Override
    boolean fits(long from, long to) {
      return 2 * from == to;
    }

    @Override
    void add(INDArray x, INDArray added, INDArray y) {
      Doubling.add(x, added, y);
    }

    @Override
    void backward(INDArray dy, INDArray dx) {
      Doubling.backward(dy, dx);
    }
  };

  /** Whether a side of so many pixels can become one of so many. */
  abstract boolean fits(long from, long to);

  /**
   * Computes {@code y = upsampled x + added}.
   *
   * @param x {@code [n, h, w, c]}
   * @param added {@code [n, H, W, c]}
   * @param y gets the result, in the shape of {@code added}: that array itself, or memory of its
   *     own
   */
  abstract void add(INDArray x, INDArray added, INDArray y);

  /**
   * Computes the gradient at {@code x}.
   *
   * @param dy the gradient at {@code y}, {@code [n, H, W, c]}
   * @param dx gets it, {@code [n, h, w, c]}; memory of its own
   */
  abstract void backward(INDArray dy, INDArray dx);
}
