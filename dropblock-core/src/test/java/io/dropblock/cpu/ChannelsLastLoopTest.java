package io.dropblock.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ChannelsLastLoopTest {
  @Test
  void putsChannelsLast() {
    for (long[] shape :
        new long[][] {{1, 1, 1, 1}, {2, 3, 5, 7}, {3, 3, 17, 31}, {2, 70, 16, 16}}) {
      INDArray x = Nd4j.rand(DataType.FLOAT, shape);
      INDArray y = Nd4j.valueArrayOf(new long[] {shape[0], shape[2], shape[3], shape[1]}, 9f);
      ChannelsLastLoop.channelsLast(x, y);
      assertThat(y).isEqualTo(x.permute(0, 2, 3, 1).dup('c'));
    }
  }

  @Test
  void refusesWhatDoesNotFit() {
    INDArray x = Nd4j.rand(DataType.FLOAT, 2, 3, 5, 7);
    assertThat(ChannelsLastLoop.take(x)).isTrue();
    assertThat(ChannelsLastLoop.take(x.permute(0, 2, 3, 1))).isFalse();
    assertThat(ChannelsLastLoop.take(x.castTo(DataType.DOUBLE))).isFalse();
    assertThatThrownBy(() -> ChannelsLastLoop.channelsLast(x, x.dup()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("shape [2, 5, 7, 3] are needed");
  }
}
