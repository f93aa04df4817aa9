package io.dropblock.onednn;

import org.nd4j.linalg.api.ndarray.INDArray;

/** How arrays lie in memory. */
final class Layouts {
  private Layouts() {}

  /** The array itself, or a copy of it if it is in f order: the first index fastest. */
  static INDArray inOrderC(INDArray array) {
    return array.ordering() == 'f' ? array.dup('c') : array;
  }
}
