package io.dropblock.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The loops of every set of instructions against the formula, pixel by pixel in double. */
class UpsampleLoopsTest {
  private static final int SAMPLES = 2;

  /** Sides of x and of y, channels, threads. */
  record Case(int height, int width, int outHeight, int outWidth, int channels, int threads) {}

  static Stream<Case> cases() {
    return Stream.of(
        new Case(5, 4, 9, 7, 1, 1),
        new Case(5, 4, 9, 7, 37, 2),
        new Case(3, 3, 3, 3, 16, 2),
        new Case(1, 1, 3, 4, 21, 3),
        new Case(2, 5, 1, 5, 8, 2),
        new Case(6, 2, 17, 13, 64, 3));
  }

  private static IntStream sets() {
    return IntStream.rangeClosed(0, NativeLibrary.bestInstructionSet());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void addWhatIsUpsampled(Case c) {
    INDArray x = Nd4j.randn(DataType.FLOAT, SAMPLES, c.height, c.width, c.channels);
    INDArray added = Nd4j.randn(DataType.FLOAT, SAMPLES, c.outHeight, c.outWidth, c.channels);
    double[] needed = new double[(int) added.length()];
    forEachWeight(c, (y, from, weight) -> needed[y] += weight * x.data().getDouble(from));
    for (int i = 0; i < needed.length; i++) {
      needed[i] += added.data().getDouble(i);
    }
    assertThat(sets()).isNotEmpty();
    sets()
        .forEach(
            set -> {
              INDArray y = Nd4j.valueArrayOf(added.shape(), Double.NaN, DataType.FLOAT);
              UpsampleLoops.forward(set, c.threads, x, added, y);
              assertThat(worst(y, needed)).isLessThan(2e-6);
              INDArray inPlace = added.dup();
              UpsampleLoops.forward(set, c.threads, x, inPlace, inPlace);
              assertThat(inPlace).isEqualTo(y);
            });
  }

  @ParameterizedTest
  @MethodSource("cases")
  void givesTheGradientBackByTheSameWeights(Case c) {
    INDArray dy = Nd4j.randn(DataType.FLOAT, SAMPLES, c.outHeight, c.outWidth, c.channels);
    INDArray shape = Nd4j.zeros(DataType.FLOAT, SAMPLES, c.height, c.width, c.channels);
    double[] needed = new double[(int) shape.length()];
    forEachWeight(c, (y, from, weight) -> needed[from] += weight * dy.data().getDouble(y));
    sets()
        .forEach(
            set -> {
              INDArray dx = Nd4j.valueArrayOf(shape.shape(), Double.NaN, DataType.FLOAT);
              UpsampleLoops.backward(set, c.threads, dy, dx);
              assertThat(worst(dx, needed)).isLessThan(1e-5);
            });
  }

  /** NaN where one is. */
  private static double worst(INDArray found, double[] needed) {
    double[] values = found.data().asDouble();
    assertThat(values).hasSameSizeAs(needed);
    return IntStream.range(0, needed.length)
        .mapToDouble(i -> Math.abs(values[i] - needed[i]))
        .reduce(0, Math::max);
  }

  @Test
  void refuseWhatDoesNotFit() {
    INDArray maps = Nd4j.zeros(DataType.FLOAT, 1, 2, 2, 3);
    INDArray more = Nd4j.zeros(DataType.FLOAT, 1, 4, 4, 4);
    assertThatThrownBy(() -> UpsampleLoops.forward(maps, more, more))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot upsample maps of shape [1, 2, 2, 3] to [1, 4, 4, 4]: samples or channels"
                + " differ");
    assertThatThrownBy(() -> UpsampleLoops.argMax(maps, 4, 4, new byte[15]))
        .hasMessageContaining("there are 15 labels");
    assertThatThrownBy(
            () -> UpsampleLoops.argMax(Nd4j.zeros(DataType.FLOAT, 1, 1, 1, 257), 1, 1, new byte[1]))
        .hasMessageContaining("at most 256 channels");
  }

  interface Weight {
    void of(int y, int x, double weight);
  }

  /** {@code y[i] += weight x[j]}, by the position {@code i (h - 1) / (H - 1)}. */
  private static void forEachWeight(Case c, Weight each) {
    for (int y = 0; y < SAMPLES * c.outHeight * c.outWidth * c.channels; y++) {
      int channel = y % c.channels;
      int pixel = y / c.channels;
      double row = position(pixel / c.outWidth % c.outHeight, c.height, c.outHeight);
      double column = position(pixel % c.outWidth, c.width, c.outWidth);
      int sample = pixel / c.outWidth / c.outHeight;
      for (int i = 0; i < c.height; i++) {
        for (int j = 0; j < c.width; j++) {
          double weight =
              Math.max(0, 1 - Math.abs(row - i)) * Math.max(0, 1 - Math.abs(column - j));
          if (weight > 0) {
            each.of(y, ((sample * c.height + i) * c.width + j) * c.channels + channel, weight);
          }
        }
      }
    }
  }

  private static double position(int i, int inputs, int outputs) {
    return outputs == 1 ? 0 : (double) i * (inputs - 1) / (outputs - 1);
  }
}
