package io.dropblock.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class FloatArraysTest {
  private static final float[] VALUES = {1, 2, 3, 4, 5, 6};

  @Test
  void elementsAreInTheirOrder() {
    INDArray array = FloatArrays.of(VALUES, 2, 3);
    assertThat(array.toFloatMatrix()).isDeepEqualTo(new float[][] {{1, 2, 3}, {4, 5, 6}});
  }

  @Test
  void refusesAnotherNumberOfElements() {
    assertThatThrownBy(() -> FloatArrays.of(VALUES, 2, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot make an array of 4 floats: there are 6");
  }

  /** In c order, whatever the order and the place in memory. */
  @Test
  void readsAllElementsOfAnArray() {
    INDArray whole = Nd4j.linspace(1, 12, 12, DataType.FLOAT).reshape(3, 4);
    for (INDArray array : List.of(whole, whole.transpose(), whole.slice(1))) {
      float[] found = new float[(int) array.length()];
      FloatArrays.read(array, floats -> floats.get(0, found));
      assertThat(found).isEqualTo(array.dup('c').reshape(array.length()).toFloatVector());
    }
    assertThatThrownBy(() -> FloatArrays.read(whole.castTo(DataType.DOUBLE), floats -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot read floats of an array of type DOUBLE");
  }
}
