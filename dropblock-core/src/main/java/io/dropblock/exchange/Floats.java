package io.dropblock.exchange;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** ND4J's arrays as Java's, the last dimension the fastest. */
final class Floats {
  private Floats() {}

  static float[] of(INDArray values) {
    return values.castTo(DataType.FLOAT).dup('c').data().asFloat();
  }

  static void assign(INDArray array, float[] values) {
    array.assign(Nd4j.createFromArray(values).reshape('c', array.shape()).castTo(array.dataType()));
  }
}
