package io.dropblock.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ArrayBytesTest {
  @Test
  void severalArraysAreShownSideBySide() {
    INDArray one = Nd4j.createFromArray(1f, 2f, 3f);
    INDArray other = Nd4j.createFromArray(10f, 20f, 30f);
    ArrayBytes.forEachPart(
        List.of(one, other),
        parts -> {
          assertThat(parts).hasSize(2).allMatch(ByteBuffer::isDirect);
          assertThat(parts.get(0).asFloatBuffer().get(2)).isEqualTo(3);
          parts.get(1).asFloatBuffer().put(1, 7);
        });
    assertThat(one.toFloatVector()).containsExactly(1, 2, 3);
    assertThat(other.toFloatVector()).containsExactly(10, 7, 30);
  }

  @Test
  void refusesArraysThatAreNotAlikeOrHaveGaps() {
    INDArray one = Nd4j.createFromArray(1f, 2f, 3f);
    assertThatThrownBy(
            () -> ArrayBytes.forEachPart(List.of(one, Nd4j.createFromArray(1f)), parts -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot take the bytes of two arrays together: 3 elements of FLOAT and 1 of FLOAT");
    assertThatThrownBy(
            () ->
                ArrayBytes.forEachPart(
                    List.of(one, Nd4j.createFromArray(1.0, 2.0, 3.0)), parts -> {}))
        .hasMessageEndingWith("3 elements of FLOAT and 3 of DOUBLE");
    INDArray gaps = Nd4j.zeros(3, 4).getColumn(1);
    assertThatThrownBy(() -> ArrayBytes.forEachPart(List.of(one, gaps), parts -> {}))
        .hasMessageStartingWith("Cannot take the bytes of an array with gaps: ");
  }
}
