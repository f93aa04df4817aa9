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

/** Against sums of products, one after the other in double. */
class PointwiseLoopsTest {
  @ParameterizedTest
  @CsvSource({
    "1, 1, 1, 1, 1, 1",
    "2, 3, 5, 4, 7, 1",
    "2, 3, 5, 4, 7, 2",
    "1, 1, 2, 9, 3, 3",
    "1, 2, 2, 3, 513, 1",
    "1, 2, 2, 3, 513, 3"
  })
  void areTheSumsOfProducts(int samples, int height, int width, int in, int out, int team) {
    Nd4j.getRandom().setSeed(7);
    INDArray x = Nd4j.randn(DataType.FLOAT, samples, height, width, in);
    INDArray weights = Nd4j.randn(DataType.FLOAT, out, in, 1, 1);
    INDArray dy = Nd4j.randn(DataType.FLOAT, samples, height, width, out);
    INDArray dx = Nd4j.valueArrayOf(x.shape(), 9, DataType.FLOAT);
    INDArray dWeights = Nd4j.valueArrayOf(weights.shape(), 9, DataType.FLOAT);
    assertThat(PointwiseLoops.take(x, weights, dy, dx, dWeights)).isTrue();

    PointwiseLoops.backward(team, x, weights, dy, dx, dWeights);

    int rows = samples * height * width;
    double[] xs = doubles(x);
    double[] ws = doubles(weights);
    double[] dys = doubles(dy);
    double[] dxs = doubles(dx);
    double[] dws = doubles(dWeights);
    for (int i = 0; i < in; i++) {
      for (int row = 0; row < rows; row++) {
        double sum = 0;
        for (int o = 0; o < out; o++) {
          sum += dys[row * out + o] * ws[o * in + i];
        }
        assertThat(dxs[row * in + i]).isCloseTo(sum, within(1e-4));
      }
      for (int o = 0; o < out; o++) {
        double sum = 0;
        for (int row = 0; row < rows; row++) {
          sum += dys[row * out + o] * xs[row * in + i];
        }
        assertThat(dws[o * in + i]).isCloseTo(sum, within(1e-4));
      }
    }
  }

  @Test
  void refuseArraysThatDoNotFit() {
    INDArray maps = Nd4j.zeros(DataType.FLOAT, 1, 2, 2, 3);
    INDArray weights = Nd4j.zeros(DataType.FLOAT, 4, 3, 1, 1);
    assertThatThrownBy(() -> PointwiseLoops.backward(maps, weights, maps, maps, weights))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("dense floats of shape [3, 3, 1, 1] are needed");
  }

  private static double[] doubles(INDArray array) {
    return array.reshape(array.length()).castTo(DataType.DOUBLE).toDoubleVector();
  }
}
