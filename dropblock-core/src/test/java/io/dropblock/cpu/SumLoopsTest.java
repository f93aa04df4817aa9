package io.dropblock.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class SumLoopsTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 15, 16, 17, 16_384, 50_001})
  void areTheSumCutOffAtZeroAndItsGradient(int length) {
    INDArray a = Nd4j.randn(DataType.FLOAT, length);
    INDArray b = Nd4j.randn(DataType.FLOAT, length);
    INDArray dy = Nd4j.randn(DataType.FLOAT, length);
    b.putScalar(0, Float.NaN);
    INDArray y = Nd4j.zeros(DataType.FLOAT, length);
    INDArray dx = Nd4j.zeros(DataType.FLOAT, length);
    SumLoops.forward(a, b, y);
    SumLoops.backward(y, dy, dx);
    assertThat(y.getFloat(0)).isNaN();
    for (int i = 1; i < length; i++) {
      float sum = a.getFloat(i) + b.getFloat(i);
      assertThat(y.getFloat(i)).isEqualTo(Math.max(sum, 0));
      assertThat(dx.getFloat(i)).isEqualTo(sum > 0 ? dy.getFloat(i) : 0);
    }
  }

  @Test
  void refuseArraysThatDoNotFit() {
    INDArray array = Nd4j.zeros(DataType.FLOAT, 4);
    assertThatThrownBy(() -> SumLoops.forward(array, Nd4j.zeros(DataType.FLOAT, 5), array))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("dense floats of shape [4] are needed");
  }
}
