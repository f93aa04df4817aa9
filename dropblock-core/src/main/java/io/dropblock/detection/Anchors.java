package io.dropblock.detection;

import java.util.List;

/**
 * All anchors of a square image, in the order of the network's outputs: level after level, row by
 * row, position by position; at a position size by size, in each size aspect by aspect ({@code
 * tensorflow/tpu: models/official/retinanet/anchors.py}). The centres of a level are at {@code
 * stride / 2 + k stride}. A level has {@code size / stride} positions a row, rounded up.
 */
public final class Anchors {
  /**
   * @param settings of every position
   * @param size side of the square, pixels, at least 1
   * @param strides of the levels, the finest first: pixels of the image for one position
   */
  public Anchors(AnchorSettings settings, int size, List<Integer> strides) {
    throw new UnsupportedOperationException();
  }

  /** Number of anchors. */
  public int count() {
    throw new UnsupportedOperationException();
  }

  /** Their boxes, {@code 4 * count} numbers; not copied, not to be written to. */
  public float[] boxes() {
    throw new UnsupportedOperationException();
  }
}
