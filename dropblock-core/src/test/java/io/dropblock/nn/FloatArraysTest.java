package io.dropblock.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

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
}
