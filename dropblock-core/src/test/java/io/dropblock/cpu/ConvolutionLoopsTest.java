package io.dropblock.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Against the definition, one product after the other in double. */
class ConvolutionLoopsTest {
  /** Of the largest value: floats' own errors in sums of up to 3,000 terms. */
  private static final double TOLERANCE = 2e-6;

  private static final Finish RELU = new Finish(Optional.empty(), Optional.empty(), true);

  private final Random random = new Random(7);

  /** Every way, with numbers of pixels and channels that leave a rest, for one team and several. */
  @ParameterizedTest
  @CsvSource({
    // samples, height, width, in, out, kernel height x width, stride, pad top, left, h', w', team
    "1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1",
    "2, 3, 5, 4, 7, 1, 1, 1, 0, 0, 3, 5, 2",
    "2, 9, 11, 32, 40, 1, 1, 1, 0, 0, 9, 11, 3",
    "3, 4, 5, 48, 513, 1, 1, 1, 0, 0, 4, 5, 2",
    "3, 4, 5, 512, 24, 1, 1, 1, 0, 0, 4, 5, 2",
    "2, 7, 8, 16, 48, 1, 1, 2, 0, 0, 4, 4, 2",
    "1, 1, 1, 16, 16, 3, 3, 1, 1, 1, 1, 1, 1",
    "2, 7, 9, 16, 32, 3, 3, 1, 1, 1, 7, 9, 2",
    "2, 6, 6, 48, 16, 3, 3, 1, 0, 0, 4, 4, 3",
    "1, 5, 4, 32, 16, 3, 3, 1, 2, 2, 7, 6, 2",
    "1, 4, 4, 16, 16, 3, 3, 1, 0, 1, 4, 4, 5",
    "3, 8, 8, 176, 160, 3, 3, 1, 1, 1, 8, 8, 2",
    "2, 30, 30, 16, 16, 3, 3, 1, 1, 1, 30, 30, 2",
    "2, 7, 7, 20, 16, 3, 3, 1, 1, 1, 7, 7, 2",
    "2, 7, 9, 16, 21, 3, 3, 1, 1, 1, 7, 9, 2",
    "1, 8, 5, 48, 50, 3, 3, 1, 1, 1, 8, 5, 2",
    "2, 4, 4, 32, 36, 3, 3, 1, 0, 1, 4, 4, 1",
    "1, 3, 3, 16, 15, 3, 3, 1, 1, 1, 3, 3, 2",
    "2, 8, 7, 32, 24, 3, 3, 2, 0, 0, 4, 4, 2",
    "1, 23, 22, 3, 64, 7, 7, 2, 3, 3, 12, 11, 2",
    "2, 9, 6, 5, 9, 1, 5, 1, 0, 2, 9, 6, 2",
    "1, 3, 3, 2, 3, 5, 4, 3, 4, 3, 3, 3, 2"
  })
  void areTheDefinition(
      int samples,
      int height,
      int width,
      int in,
      int out,
      int kernelHeight,
      int kernelWidth,
      int stride,
      int padTop,
      int padLeft,
      int outHeight,
      int outWidth,
      int team) {
    ConvolutionLoops loops =
        new ConvolutionLoops(kernelHeight, kernelWidth, stride, stride, padTop, padLeft);
    INDArray x = noise(samples, height, width, in);
    INDArray weights = noise(out, in, kernelHeight, kernelWidth);
    INDArray bias = noise(1, out);
    INDArray dy = noise(samples, outHeight, outWidth, out);
    Definition definition = new Definition(loops, x, weights, dy);
    double[] biases = doubles(bias);
    double[] biased = definition.y.clone();
    Arrays.setAll(biased, i -> Math.max(0, biased[i] + biases[i % out]));
    Finish rectified = new Finish(Optional.of(bias), Optional.empty(), true);
    INDArray added = noise(dy.shape());
    Finish summed = new Finish(Optional.of(bias), Optional.of(added), true);
    double[] addends = doubles(added);
    double[] sums = definition.y.clone();
    Arrays.setAll(sums, i -> Math.max(0, sums[i] + biases[i % out] + addends[i]));
    double[] dBias = new double[out];
    double[] gradient = doubles(dy);
    for (int i = 0; i < gradient.length; i++) {
      dBias[i % out] += gradient[i];
    }
    for (int set = 0; set < NativeLibrary.instructionSets(); set++) {
      INDArray y = garbage(dy.shape());
      loops.forward(set, team, x, weights, Finish.NONE, y);
      requireClose(y, definition.y);
      loops.forward(set, team, x, weights, rectified, y);
      requireClose(y, biased);
      loops.forward(set, team, x, weights, summed, y);
      requireClose(y, sums);
      INDArray again = garbage(dy.shape());
      loops.forward(team, x, loops.pack(set, team, false, weights), summed, again);
      assertThat(again).isEqualTo(y);
      again.assign(added);
      Finish inPlace = new Finish(Optional.of(bias), Optional.of(again), true);
      loops.forward(set, team, x, weights, inPlace, again);
      assertThat(again).isEqualTo(y);
      INDArray dx = garbage(x.shape());
      INDArray dWeights = garbage(weights.shape());
      INDArray ofBias = garbage(bias.shape());
      loops.backward(set, team, x, weights, dy, Optional.of(dx), dWeights, Optional.of(ofBias));
      requireClose(dx, definition.dx);
      requireClose(dWeights, definition.dWeights);
      requireClose(ofBias, dBias);
      INDArray alone = garbage(weights.shape());
      loops.backward(set, team, x, weights, dy, Optional.empty(), alone, Optional.empty());
      assertThat(alone).isEqualTo(dWeights);
      PackedWeights back = loops.pack(set, team, true, weights);
      INDArray dxAgain = garbage(x.shape());
      loops.backward(team, x, back, dy, Optional.of(dxAgain), alone, Optional.empty());
      assertThat(dxAgain).isEqualTo(dx);
    }
  }

  /**
   * Sums of the same terms, rounded at other places: no worse than one after the other in float.
   */
  @Test
  void roundNoWorseThanAPlainSum() {
    ConvolutionLoops loops = new ConvolutionLoops(3, 3, 1, 1, 1, 1);
    INDArray x = noise(1, 6, 6, 512);
    INDArray weights = noise(16, 512, 3, 3);
    INDArray y = garbage(1, 6, 6, 16);
    Definition definition = new Definition(loops, x, weights, y);
    loops.forward(x, weights, Finish.NONE, y);
    double[] plain = doubles(PlainFloats.forward(loops, x, weights, y.shape()));
    assertThat(meanSquare(doubles(y), definition.y)).isLessThan(meanSquare(plain, definition.y));
  }

  @Test
  void keepWhatIsNotANumber() {
    INDArray x = noise(1, 4, 4, 16);
    x.putScalar(new int[] {0, 0, 0, 3}, Float.NaN);
    INDArray y = garbage(1, 4, 4, 16);
    new ConvolutionLoops(3, 3, 1, 1, 1, 1).forward(x, noise(16, 16, 3, 3), RELU, y);
    assertThat(y.getFloat(0, 0, 0, 5)).isNaN();
    assertThat(y.getFloat(0, 3, 3, 5)).isNotNaN();
  }

  @Test
  void refuseArraysThatDoNotFit() {
    ConvolutionLoops loops = new ConvolutionLoops(1, 1, 1, 1, 0, 0);
    INDArray maps = Nd4j.zeros(DataType.FLOAT, 1, 2, 2, 3);
    INDArray weights = Nd4j.zeros(DataType.FLOAT, 4, 3, 1, 1);
    assertThatThrownBy(() -> loops.forward(maps, weights, Finish.NONE, maps))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("weights of shape [4, 3, 1, 1]: [3, 3, 1, 1] is needed");
    assertThat(ConvolutionLoops.take(maps, maps.permute(0, 2, 3, 1))).isFalse();
    assertThatThrownBy(() -> new ConvolutionLoops(3, 3, 0, 1, 0, 0))
        .hasMessage("Cannot convolve with kernel 3x3, stride 0x1, padding 0x0");
  }

  /** What is written past the caches, 16 MiB, is what its samples of 2 MiB are, which are not. */
  @Test
  void areTheSameForLargeOutputs() {
    ConvolutionLoops loops = new ConvolutionLoops(1, 1, 1, 1, 0, 0);
    INDArray x = noise(8, 64, 64, 16);
    INDArray weights = noise(128, 16, 1, 1);
    INDArray added = noise(8, 64, 64, 128);
    INDArray y = CacheLines.aligned(length -> garbage(length), added.shape());
    for (int set = 0; set < NativeLibrary.instructionSets(); set++) {
      loops.forward(set, 2, x, weights, summed(added), y);
      for (int sample = 0; sample < 8; sample++) {
        INDArray expected = garbage(1, 64, 64, 128);
        loops.forward(set, 2, part(x, sample), weights, summed(part(added, sample)), expected);
        assertThat(part(y, sample)).isEqualTo(expected);
      }
    }
  }

  private static Finish summed(INDArray added) {
    return new Finish(Optional.empty(), Optional.of(added), true);
  }

  private static INDArray part(INDArray maps, int sample) {
    return maps.get(NDArrayIndex.interval(sample, sample + 1)).dup('c');
  }

  /** Packed once for maps of any size, and the original may go. */
  @Test
  void packedWeightsAreACopy() {
    ConvolutionLoops loops = new ConvolutionLoops(3, 3, 1, 1, 1, 1);
    INDArray weights = noise(32, 16, 3, 3);
    PackedWeights packed = loops.pack(weights);
    INDArray original = weights.dup();
    assertThat(packed.seemsToBe(original)).isTrue();
    weights.muli(2);
    assertThat(packed.seemsToBe(weights)).isFalse();
    for (int side : new int[] {1, 5, 12}) {
      INDArray x = noise(2, side, side, 16);
      INDArray y = garbage(2, side, side, 32);
      INDArray expected = garbage(2, side, side, 32);
      loops.forward(x, packed, RELU, y);
      loops.forward(x, original, RELU, expected);
      assertThat(y).isEqualTo(expected);
    }
  }

  @Test
  void packedWeightsAreReplacedInPlace() {
    ConvolutionLoops loops = new ConvolutionLoops(3, 3, 1, 1, 1, 1);
    PackedWeights packed = loops.pack(noise(18, 16, 3, 3));
    INDArray others = noise(18, 16, 3, 3);
    packed.replace(others);
    INDArray x = noise(2, 5, 4, 16);
    INDArray y = garbage(2, 5, 4, 18);
    INDArray expected = garbage(2, 5, 4, 18);
    loops.forward(x, packed, RELU, y);
    loops.forward(x, others, RELU, expected);
    assertThat(y).isEqualTo(expected);
    assertThat(packed.seemsToBe(others)).isTrue();
    assertThatThrownBy(() -> packed.replace(noise(19, 16, 3, 3)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refuseWeightsThatArePackedForTheOtherWay() {
    ConvolutionLoops loops = new ConvolutionLoops(3, 3, 1, 1, 1, 1);
    INDArray weights = noise(16, 16, 3, 3);
    INDArray x = noise(1, 4, 4, 16);
    assertThatThrownBy(() -> loops.forward(x, loops.packBack(weights), RELU, noise(x.shape())))
        .hasMessage("Cannot convolve: the weights are packed for the way back");
    assertThatThrownBy(
            () ->
                loops.backward(
                    x,
                    loops.pack(weights),
                    noise(x.shape()),
                    Optional.empty(),
                    noise(weights.shape()),
                    Optional.empty()))
        .hasMessage("Cannot convolve: the weights are packed for the way forward");
  }

  @Test
  void refuseWhatIsAddedInAnotherShape() {
    ConvolutionLoops loops = new ConvolutionLoops(1, 1, 1, 1, 0, 0);
    INDArray maps = Nd4j.zeros(DataType.FLOAT, 1, 2, 2, 3);
    INDArray weights = Nd4j.zeros(DataType.FLOAT, 3, 3, 1, 1);
    Finish finish = new Finish(Optional.empty(), Optional.of(noise(1, 2, 3, 2)), false);
    assertThatThrownBy(() -> loops.forward(maps, weights, finish, maps.dup()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("dense floats of shape [1, 2, 2, 3] are needed");
    assertThatThrownBy(() -> loops.forward(noise(1, 2, 2, 4), loops.pack(weights), RELU, maps))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot convolve with weights of shape [3, 3, 1, 1]: [3, 4, 1, 1] is needed");
  }

  private static double meanSquare(double[] found, double[] expected) {
    double sum = 0;
    for (int i = 0; i < found.length; i++) {
      sum += (found[i] - expected[i]) * (found[i] - expected[i]);
    }
    return sum / found.length;
  }

  private static void requireClose(INDArray found, double[] expected) {
    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    assertThat(doubles(found)).containsExactly(expected, within(TOLERANCE * largest));
  }

  private static INDArray garbage(long... shape) {
    return Nd4j.valueArrayOf(shape, 1e9, DataType.FLOAT);
  }

  private INDArray noise(long... shape) {
    float[] values = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Nd4j.createFromArray(values).reshape(shape);
  }

  static double[] doubles(INDArray array) {
    return array.reshape(array.length()).castTo(DataType.DOUBLE).toDoubleVector();
  }
}
