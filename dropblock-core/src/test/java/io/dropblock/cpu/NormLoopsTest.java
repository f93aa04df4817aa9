package io.dropblock.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Against the formulas of Ioffe and Szegedy 2015, one number after the other in double. */
class NormLoopsTest {
  private static final double EPSILON = 1e-3;
  private static final Offset<Double> CLOSE = within(2e-5);

  private final double[] gamma;
  private final double[] beta;

  @BeforeAll
  static void loops() {
    assertThat(NativeLibrary.problem()).isNull();
  }

  NormLoopsTest() {
    gamma = new double[] {1, 0, -.5, 2, .25, 3, 1e-3};
    beta = new double[] {0, .5, -1, .1, 3, -.2, 0};
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1, 1, false, false, 1", "1, 3, 1, 2, true, false, 2", "2, 5, 7, 7, true, false, 1",
    "3, 7, 5, 13, false, false, 3", "4, 2, 16, 16, true, false, 1", "2, 3, 33, 31, true, false, 2",
    "1, 4, 14, 14, false, false, 1", "1, 1, 1, 1, false, true, 2", "3, 7, 5, 13, true, true, 1",
    "2, 16, 9, 8, true, true, 3", "2, 64, 7, 7, false, true, 1", "1, 147, 3, 60, true, true, 2"
  })
  void areTheFormulas(
      int samples,
      int channels,
      int height,
      int width,
      boolean relu,
      boolean channelsLast,
      int threads) {
    Nd4j.getRandom().setSeed(3);
    long[] shape =
        channelsLast
            ? new long[] {samples, height, width, channels}
            : new long[] {samples, channels, height, width};
    INDArray x = Nd4j.randn(DataType.FLOAT, shape).addi(4);
    INDArray dy = Nd4j.randn(DataType.FLOAT, shape);
    INDArray y = x.ulike();
    INDArray dx = x.ulike();
    INDArray dGamma = floats(new double[channels]);
    INDArray dBeta = floats(new double[channels]);
    NormLoops loops = loops(channels, relu, channelsLast);

    loops.forward(threads, x, y, true);
    loops.backward(threads, x, dy, dx, dGamma, dBeta);

    int pixels = height * width;
    double count = samples * pixels;
    for (int c = 0; c < channels; c++) {
      double[] in = channel(x, c, channelsLast);
      double mean = Arrays.stream(in).sum() / count;
      double variance = Arrays.stream(in).map(v -> (v - mean) * (v - mean)).sum() / count;
      assertThat(loops.mean().getDouble(c)).isCloseTo(mean, CLOSE);
      assertThat(loops.variance().getDouble(c)).isCloseTo(variance, CLOSE);
      double deviation = Math.sqrt(variance + EPSILON);
      double[] out = channel(y, c, channelsLast);
      double[] upper = channel(dy, c, channelsLast);
      double sum = 0;
      double product = 0;
      for (int i = 0; i < in.length; i++) {
        double hat = (in[i] - mean) / deviation;
        double value = gamma[c % gamma.length] * hat + beta[c % beta.length];
        assertThat(out[i]).isCloseTo(relu ? Math.max(value, 0) : value, CLOSE);
        upper[i] = relu && out[i] <= 0 ? 0 : upper[i];
        sum += upper[i];
        product += upper[i] * hat;
      }
      assertThat(dBeta.getDouble(c)).isCloseTo(sum, within(1e-4));
      assertThat(dGamma.getDouble(c)).isCloseTo(product, within(1e-4));
      double[] lower = channel(dx, c, channelsLast);
      for (int i = 0; i < in.length; i++) {
        double hat = (in[i] - mean) / deviation;
        double expected =
            gamma[c % gamma.length] / deviation * (upper[i] - sum / count - hat * product / count);
        assertThat(lower[i]).isCloseTo(expected, CLOSE);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"2, 3, 5, 5, true", "1, 7, 4, 4, false"})
  void inferenceTakesTheStatisticsItIsGiven(
      int samples, int channels, int height, int width, boolean relu) {
    INDArray x = Nd4j.randn(DataType.FLOAT, samples, channels, height, width);
    INDArray y = x.ulike();
    NormLoops loops = loops(channels, relu, false);
    loops.mean().assign(.5);
    loops.variance().assign(4);
    loops.forward(x, y, false);
    for (int c = 0; c < channels; c++) {
      double[] in = channel(x, c, false);
      double[] out = channel(y, c, false);
      for (int i = 0; i < in.length; i++) {
        double value =
            gamma[c % gamma.length] * (in[i] - .5) / Math.sqrt(4 + EPSILON) + beta[c % beta.length];
        assertThat(out[i]).isCloseTo(relu ? Math.max(value, 0) : value, CLOSE);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 1000})
  void theMovingVarianceIsThatOfASample(long count) {
    NormLoops loops = loops(2, false, false);
    loops.mean().assign(floats(new double[] {.5, -2}));
    loops.variance().assign(floats(new double[] {4, .25}));
    INDArray movingMean = floats(new double[] {1, 0});
    INDArray movingLog = floats(new double[] {0, -.5});
    INDArray dMean = floats(new double[2]);
    INDArray dLog = floats(new double[2]);
    loops.updates(count, movingMean, movingLog, .9, dMean, dLog);
    double factor = count == 1 ? 1 : count / (count - 1.);
    double[] variances = {.9 * 1 + .1 * 4 * factor, .9 * .1 + .1 * .25 * factor};
    double[] means = {.95, -.2};
    for (int c = 0; c < 2; c++) {
      assertThat(movingMean.getDouble(c) - dMean.getDouble(c)).isCloseTo(means[c], within(1e-6));
      assertThat(Math.pow(10, 2 * (movingLog.getDouble(c) - dLog.getDouble(c))))
          .isCloseTo(variances[c], within(1e-6));
    }
  }

  @Test
  void theMovingVarianceOfAChannelThatIsTheSameEverywhereStaysANumber() {
    INDArray x = Nd4j.zeros(DataType.FLOAT, 2, 1, 4, 4);
    NormLoops loops = loops(1, false, false);
    loops.forward(x, x.ulike(), true);
    INDArray movingLog = floats(new double[] {-18.99});
    INDArray dLog = floats(new double[1]);
    for (int step = 0; step < 100; step++) {
      loops.updates(32, floats(new double[1]), movingLog, .9, floats(new double[1]), dLog);
      movingLog.subi(dLog);
    }
    assertThat(movingLog.getDouble(0)).isCloseTo(-19, within(1e-4));
    // what older versions may have left
    movingLog.assign(-200);
    loops.updates(32, floats(new double[1]), movingLog, .9, floats(new double[1]), dLog);
    assertThat(dLog.getDouble(0)).isZero();
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void whatIsNotANumberStaysSo(boolean relu) {
    INDArray x = Nd4j.randn(DataType.FLOAT, 2, 2, 6, 6);
    x.putScalar(1, 1, 3, 3, Float.NaN);
    INDArray y = x.ulike();
    loops(2, relu, false).forward(x, y, true);
    assertThat(channel(y, 0, false)).doesNotContain(Double.NaN);
    assertThat(channel(y, 1, false)).containsOnly(Double.NaN);
  }

  private NormLoops loops(int channels, boolean relu, boolean channelsLast) {
    return new NormLoops(
        floats(repeated(gamma, channels)),
        floats(repeated(beta, channels)),
        floats(new double[channels]),
        floats(new double[channels]),
        EPSILON,
        relu,
        channelsLast);
  }

  private static double[] repeated(double[] values, int length) {
    return IntStream.range(0, length).mapToDouble(i -> values[i % values.length]).toArray();
  }

  private static INDArray floats(double[] values) {
    return Nd4j.createFromArray(values).castTo(DataType.FLOAT);
  }

  private static double[] channel(INDArray maps, int channel, boolean channelsLast) {
    INDArray first = channelsLast ? maps.permute(0, 3, 1, 2) : maps;
    long pixels = first.size(2) * first.size(3);
    double[] values = new double[Math.toIntExact(first.size(0) * pixels)];
    for (int i = 0; i < values.length; i++) {
      long pixel = i % pixels;
      values[i] =
          first.getDouble(i / pixels, channel, pixel / first.size(3), pixel % first.size(3));
    }
    return values;
  }
}
