package io.dropblock.op;

import org.nd4j.linalg.api.ndarray.INDArray;

/** In which order the elements of dense feature maps {@code [n, c, h, w]} lie in memory. */
enum MapOrder {
  /** Map after map: {@code n, c, h, w}, the last one fastest. */
  CHANNELS_FIRST(3, 2, 1, 0),

  /** Pixel after pixel: {@code n, h, w, c}; oneDNN's own order for forward convolutions. */
  CHANNELS_LAST(1, 3, 2, 0);

  private final int[] fromInnermost;

  MapOrder(int... fromInnermost) {
    this.fromInnermost = fromInnermost;
  }

  /** Whether an array of four dimensions is dense in this order; it may be in both. */
  boolean isOf(INDArray maps) {
    long stride = 1;
    for (int dimension : fromInnermost) {
      if (maps.size(dimension) > 1 && maps.stride(dimension) != stride) {
        return false;
      }
      stride *= maps.size(dimension);
    }
    return true;
  }

  /** The order of an array, channels first if it is both; null if it is neither. */
  static MapOrder of(INDArray maps) {
    if (maps.rank() != 4) {
      return null;
    }
    return CHANNELS_FIRST.isOf(maps)
        ? CHANNELS_FIRST
        : CHANNELS_LAST.isOf(maps) ? CHANNELS_LAST : null;
  }
}
