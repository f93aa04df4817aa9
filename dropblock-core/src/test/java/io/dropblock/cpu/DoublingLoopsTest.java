package io.dropblock.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Pixel by pixel: that at {@code (i, j)} is of {@code (i / 2, j / 2)}. */
class DoublingLoopsTest {

  @ParameterizedTest
  @CsvSource({"1, 1, 1, 1, 1", "2, 3, 5, 7, 2", "3, 4, 2, 64, 3", "1, 5, 1, 256, 2"})
  void areThePixelsAndTheirSums(int samples, int height, int width, int channels, int threads) {
    INDArray x = Nd4j.randn(DataType.FLOAT, samples, height, width, channels);
    INDArray added = Nd4j.randn(DataType.FLOAT, samples, 2 * height, 2 * width, channels);
    INDArray y = Nd4j.valueArrayOf(added.shape(), Double.NaN, DataType.FLOAT);
    INDArray dx = Nd4j.valueArrayOf(x.shape(), Double.NaN, DataType.FLOAT);
    DoublingLoops.forward(threads, x, added, y);
    DoublingLoops.backward(threads, added, dx);
    double[] sums = new double[(int) x.length()];
    for (int at = 0; at < y.length(); at++) {
      int channel = at % channels;
      int column = at / channels % (2 * width);
      int row = at / channels / (2 * width) % (2 * height);
      int sample = at / channels / (2 * width) / (2 * height);
      int from = ((sample * height + row / 2) * width + column / 2) * channels + channel;
      float value = added.data().getFloat(at);
      assertThat(y.data().getFloat(at)).isEqualTo(x.data().getFloat(from) + value);
      sums[from] += value;
    }
    assertThat(dx.data().asDouble()).containsExactly(sums, within(2e-6));
    DoublingLoops.forward(threads, x, added, added);
    assertThat(added).isEqualTo(y);
  }

  @Test
  void refuseWhatDoesNotFit() {
    INDArray maps = Nd4j.zeros(DataType.FLOAT, 1, 2, 3, 4);
    INDArray odd = Nd4j.zeros(DataType.FLOAT, 1, 4, 5, 4);
    assertThatThrownBy(() -> DoublingLoops.forward(maps, odd, odd))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot double maps of shape [1, 2, 3, 4] to [1, 4, 5, 4]: [n, h, w, c] and"
                + " [n, 2 h, 2 w, c] are needed");
    assertThatThrownBy(() -> DoublingLoops.backward(odd, maps))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(DoublingLoops.take(maps, Nd4j.zeros(DataType.FLOAT, 2))).isFalse();
  }
}
