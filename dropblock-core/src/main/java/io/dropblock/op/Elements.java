package io.dropblock.op;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The elements of a dense array in the order of its memory, seen without ND4J. Whoever uses it
 * keeps the array reachable: this view does not. To be used by one thread.
 *
 * <p>Every operation is one multiplication of the element's own type, or a copy.
 */
sealed interface Elements permits FloatElements, DoubleElements {

  /** The elements of a dense array of type float or double. */
  static Elements of(INDArray array) {
    return switch (array.dataType()) {
      case FLOAT -> new FloatElements(array);
      case DOUBLE -> new DoubleElements(array);
      default -> throw new IllegalArgumentException("Invalid type: " + array.dataType());
    };
  }

  /** Copies elements from the same place of an array of the same type. */
  void copy(Elements source, long first, int count);

  /** Multiplies an element by 0: what is infinite or not a number becomes not a number. */
  void drop(long index);

  /** Multiplies elements by a factor, which is not 0. */
  void scale(long first, int count, double factor);
}
