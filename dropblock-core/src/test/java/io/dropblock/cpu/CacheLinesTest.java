package io.dropblock.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class CacheLinesTest {
  @Test
  void arraysBeginWithALine() {
    for (long side : new long[] {1, 3, 8, 100}) {
      INDArray whole = Nd4j.zeros(DataType.FLOAT, 2 * side * side * 5 + 16);
      INDArray array = CacheLines.aligned(length -> whole, 2, side, side, 5);
      assertThat(DenseFloats.address(array) % 64).isZero();
      assertThat(DenseFloats.are(array)).isTrue();
      assertThat(array.shape()).containsExactly(2, side, side, 5);
      array.assign(1);
      assertThat(whole.sumNumber().longValue()).isEqualTo(array.length());
    }
  }
}
