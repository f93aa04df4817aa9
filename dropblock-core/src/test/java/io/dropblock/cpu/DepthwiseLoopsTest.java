package io.dropblock.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Optional;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Against the definition, one product after the other in double. */
class DepthwiseLoopsTest {
  /** Of the largest value. */
  private static final double TOLERANCE = 2e-6;

  private final Random random = new Random(7);

  /** Every way, with numbers of pixels and channels that leave a rest, for one team and several. */
  @ParameterizedTest
  @CsvSource({
    // samples, height, width, channels, kernel height x width, stride, pad top, left, h', w', team
    "1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1",
    "2, 9, 11, 16, 3, 3, 1, 1, 1, 9, 11, 2",
    "2, 7, 13, 37, 3, 3, 1, 1, 1, 7, 13, 3",
    "1, 8, 12, 40, 3, 3, 2, 0, 0, 4, 6, 2",
    "2, 9, 21, 19, 3, 3, 2, 1, 1, 5, 11, 2",
    "1, 11, 14, 32, 5, 5, 1, 2, 2, 11, 14, 2",
    "2, 12, 23, 21, 5, 5, 2, 1, 2, 6, 12, 2",
    "1, 2, 2, 24, 5, 5, 1, 2, 2, 2, 2, 2",
    "1, 2, 2, 8, 3, 3, 2, 0, 0, 1, 1, 1",
    "2, 6, 7, 9, 2, 4, 1, 0, 1, 6, 7, 2",
    "1, 10, 9, 5, 7, 7, 3, 2, 3, 4, 3, 2",
    "1, 4, 5, 3, 3, 3, 1, 1, 1, 4, 5, 7"
  })
  void areTheDefinition(
      int samples,
      int height,
      int width,
      int channels,
      int kernelHeight,
      int kernelWidth,
      int stride,
      int padTop,
      int padLeft,
      int outHeight,
      int outWidth,
      int team) {
    INDArray x = noise(samples, height, width, channels);
    INDArray weights = noise(kernelHeight, kernelWidth, channels, 1);
    INDArray dy = noise(samples, outHeight, outWidth, channels);
    for (boolean relu : new boolean[] {false, true}) {
      DepthwiseLoops loops =
          new DepthwiseLoops(kernelHeight, kernelWidth, stride, padTop, padLeft, relu);
      Sums sums = new Sums(loops, x, weights, dy);
      for (int set = 0; set < NativeLibrary.instructionSets(); set++) {
        INDArray y = garbage(dy.shape());
        loops.forward(set, team, x, weights, y);
        requireClose(y, sums.y);
        INDArray dx = garbage(x.shape());
        INDArray dWeights = garbage(weights.shape());
        loops.backward(set, team, x, weights, dy, Optional.of(dx), dWeights);
        requireClose(dx, sums.dx);
        requireClose(dWeights, sums.dWeights);
        INDArray alone = garbage(weights.shape());
        loops.backward(set, team, x, weights, dy, Optional.empty(), alone);
        assertThat(alone).isEqualTo(dWeights);
      }
    }
  }

  @Test
  void keepWhatIsNotANumber() {
    INDArray x = noise(1, 6, 6, 9);
    x.putScalar(new int[] {0, 2, 2, 4}, Float.NaN);
    INDArray y = garbage(1, 6, 6, 9);
    new DepthwiseLoops(3, 3, 1, 1, 1, true).forward(x, noise(3, 3, 9, 1), y);
    assertThat(y.getFloat(0, 1, 1, 4)).isNaN();
    assertThat(y.getFloat(0, 1, 1, 5)).isNotNaN();
    assertThat(y.getFloat(0, 4, 4, 4)).isNotNaN();
  }

  @Test
  void refuseGeometriesThatAreNone() {
    assertThatThrownBy(() -> new DepthwiseLoops(3, 12, 1, 1, 1, false))
        .hasMessage("Cannot convolve channels with kernel 3x12, stride 1, padding 1x1");
    refuses(() -> new DepthwiseLoops(0, 3, 1, 0, 1, false), "kernel 0x3");
    refuses(() -> new DepthwiseLoops(3, 3, 0, 1, 1, false), "stride 0");
    refuses(() -> new DepthwiseLoops(3, 3, 1, 3, 1, false), "padding 3x1");
    refuses(() -> new DepthwiseLoops(3, 3, 1, 1, 3, false), "padding 1x3");
    refuses(() -> new DepthwiseLoops(3, 3, 1, 1, -1, false), "padding 1x-1");
  }

  /** They write by raw addresses: whatever is too small would be overrun. */
  @Test
  void refuseArraysThatDoNotFit() {
    DepthwiseLoops loops = new DepthwiseLoops(3, 3, 1, 1, 1, false);
    INDArray x = noise(1, 4, 4, 8);
    INDArray weights = noise(3, 3, 8, 1);
    INDArray dy = noise(1, 4, 4, 8);
    refuses(
        () -> loops.forward(x, noise(3, 3, 7, 1), garbage(1, 4, 4, 8)), "[3, 3, 8, 1] are needed");
    refuses(() -> loops.forward(x, weights, garbage(1, 4, 4, 7)), "[1, 4, 4, 8] are needed");
    refuses(() -> loops.forward(noise(4, 4, 8), weights, dy), "rank 3 and 4: 4 is needed");
    refuses(() -> loops.forward(x, weights, garbage(4, 4, 8)), "rank 4 and 3: 4 is needed");
    refuses(
        () -> loops.backward(x, weights, dy, Optional.of(garbage(1, 4, 4, 7)), garbage(3, 3, 8, 1)),
        "[1, 4, 4, 8] are needed");
    refuses(
        () -> loops.backward(x, weights, dy, Optional.empty(), garbage(3, 3, 7, 1)),
        "[3, 3, 8, 1] are needed");
  }

  private static void refuses(ThrowingCallable what, String message) {
    assertThatThrownBy(what)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  /** By definition. */
  private static final class Sums {
    final double[] y;
    final double[] dx;
    final double[] dWeights;

    Sums(DepthwiseLoops loops, INDArray x, INDArray weights, INDArray dy) {
      double[] xs = ConvolutionLoopsTest.doubles(x);
      double[] ws = ConvolutionLoopsTest.doubles(weights);
      double[] dys = ConvolutionLoopsTest.doubles(dy);
      y = new double[dys.length];
      dx = new double[xs.length];
      dWeights = new double[ws.length];
      int channels = (int) x.size(3);
      for (int at = 0; at < y.length; at++) {
        int channel = at % channels;
        int column = at / channels % (int) dy.size(2);
        int row = at / channels / (int) dy.size(2) % (int) dy.size(1);
        int sample = at / channels / (int) (dy.size(2) * dy.size(1));
        for (int tap = 0; tap < loops.kernelHeight() * loops.kernelWidth(); tap++) {
          int fromRow = row * loops.stride() - loops.padTop() + tap / loops.kernelWidth();
          int fromColumn = column * loops.stride() - loops.padLeft() + tap % loops.kernelWidth();
          if (fromRow < 0 || fromRow >= x.size(1) || fromColumn < 0 || fromColumn >= x.size(2)) {
            continue;
          }
          int from =
              (int)
                  (((sample * x.size(1) + fromRow) * x.size(2) + fromColumn) * channels + channel);
          int weight = tap * channels + channel;
          boolean open = !loops.relu() || xs[from] > 0;
          y[at] += (open ? xs[from] : 0) * ws[weight];
          dx[from] += open ? dys[at] * ws[weight] : 0;
          dWeights[weight] += open ? dys[at] * xs[from] : 0;
        }
      }
    }
  }

  private static void requireClose(INDArray actual, double[] expected) {
    double largest = 1e-3;
    for (double value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    double[] values = ConvolutionLoopsTest.doubles(actual);
    for (int i = 0; i < values.length; i++) {
      assertThat(values[i]).isCloseTo(expected[i], within(largest * TOLERANCE));
    }
  }

  private INDArray noise(long... shape) {
    INDArray array = Nd4j.create(DataType.FLOAT, shape);
    for (long i = 0; i < array.length(); i++) {
      array.putScalar(i, (float) random.nextGaussian());
    }
    return array;
  }

  private static INDArray garbage(long... shape) {
    return Nd4j.valueArrayOf(shape, 1e9, DataType.FLOAT);
  }
}
