package io.dropblock.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** What holds for {@code output = input * mask * scale} of every kernel. */
interface ProductContract {
  DropBlockKernel kernel();

  private DropMask mask(int samples, int channels, int height, int width, Normalization scaled) {
    MaskKey key = new MaskKey(20261123, MaskKey.layer("a"), 3, 0);
    BlockGeometry geometry = BlockGeometry.clipped(height, width, 3, 3);
    return kernel()
        .sample(key, geometry, new MaskSettings(.7, false, false, scaled), samples, channels);
  }

  private DropMask mask() {
    return mask(2, 3, 4, 6, Normalization.BATCH);
  }

  private static INDArray numbers(DropMask mask) {
    long[] shape = {
      mask.samples(), mask.channels(), mask.geometry().height(), mask.geometry().width()
    };
    return Nd4j.linspace(-1, 2, mask.size(), DataType.DOUBLE).reshape(shape);
  }

  /** Compares with the formula, element by element. */
  private static void requireProduct(DropMask mask, INDArray input, INDArray output, double error) {
    for (long[] i = new long[4]; i[0] < input.size(0); next(i, input)) {
      boolean kept = mask.keeps((int) i[0], (int) i[1], (int) i[2], (int) i[3]);
      double expected = input.getDouble(i) * (kept ? mask.scale((int) i[0]) : 0);
      assertThat(output.getDouble(i)).isCloseTo(expected, within(error));
    }
  }

  private static void next(long[] index, INDArray array) {
    for (int dimension = 3; dimension >= 0; dimension--) {
      if (++index[dimension] < array.size(dimension) || dimension == 0) {
        return;
      }
      index[dimension] = 0;
    }
  }

  @ParameterizedTest
  @CsvSource({"FLOAT, 1e-6", "DOUBLE, 1e-13", "HALF, 6e-3", "BFLOAT16, 6e-2"})
  default void multipliesByMaskAndScale(DataType type, double error) {
    // T14: the mask is the same for all types, and the type stays
    for (Normalization scaled : Normalization.values()) {
      DropMask mask = mask(3, 4, 9, 8, scaled);
      INDArray input = numbers(mask).castTo(type);
      INDArray before = input.dup();
      INDArray output = Nd4j.create(type, input.shape());
      kernel().apply(mask, input, output);
      requireProduct(mask, input, output, error);
      assertThat(output.dataType()).isEqualTo(type);
      assertThat(input).isEqualTo(before);
      kernel().apply(mask, input, input);
      assertThat(input).isEqualTo(output);
    }
  }

  @Test
  default void keepsTheMeanOfOnes() {
    // T5
    DropMask mask = mask(4, 16, 14, 14, Normalization.BATCH);
    INDArray ones = Nd4j.ones(DataType.DOUBLE, 4, 16, 14, 14);
    kernel().apply(mask, ones, ones);
    assertThat(ones.meanNumber().doubleValue()).isCloseTo(1, within(1e-12));
    assertThat(mask.scale(0)).isGreaterThan(1);
    DropMask bySample = mask(4, 16, 14, 14, Normalization.SAMPLE);
    INDArray others = Nd4j.ones(DataType.DOUBLE, 4, 16, 14, 14);
    kernel().apply(bySample, others, others);
    for (int n = 0; n < 4; n++) {
      assertThat(others.slice(n).meanNumber().doubleValue()).isCloseTo(1, within(1e-12));
    }
    assertThat(bySample.scale(0)).isNotEqualTo(bySample.scale(1));
  }

  @Test
  default void givesTheSameForAnySplitOfTheBatchWhereScaledBySample() {
    MaskSettings settings = new MaskSettings(.8, false, false, Normalization.SAMPLE);
    BlockGeometry geometry = new BlockGeometry(6, 5, 3, 3);
    INDArray input = Nd4j.linspace(-1, 2, 64 * 7 * 30, DataType.FLOAT).reshape(64, 7, 6, 5);
    INDArray whole = Nd4j.create(DataType.FLOAT, input.shape());
    MaskKey key = new MaskKey(5, 6, 7, 0);
    kernel().apply(kernel().sample(key, geometry, settings, 64, 7), input, whole);
    for (int rank = 0; rank < 4; rank++) {
      MaskKey keyOfRank = new MaskKey(5, 6, 7, 16L * rank);
      INDArray part = input.get(NDArrayIndex.interval(16 * rank, 16 * rank + 16)).dup();
      kernel().apply(kernel().sample(keyOfRank, geometry, settings, 16, 7), part, part);
      assertThat(part).isEqualTo(whole.get(NDArrayIndex.interval(16 * rank, 16 * rank + 16)));
    }
  }

  @Test
  default void returnsZerosWhereNothingIsKept() {
    // T9
    MaskKey key = new MaskKey(1, 1, 1, 1);
    BlockGeometry geometry = new BlockGeometry(5, 5, 1, 1);
    for (Normalization scaled : Normalization.values()) {
      MaskSettings nothing = new MaskSettings(0, false, false, scaled);
      DropMask mask = kernel().sample(key, geometry, nothing, 2, 3);
      INDArray array = Nd4j.ones(DataType.FLOAT, 2, 3, 5, 5);
      kernel().apply(mask, array, array);
      assertThat(mask.kept()).isZero();
      assertThat(array).isEqualTo(Nd4j.zeros(DataType.FLOAT, 2, 3, 5, 5));
    }
  }

  @Test
  default void leavesTheBitsWhereNothingIsDropped() {
    // T8
    MaskKey key = new MaskKey(1, 1, 1, 1);
    DropMask mask = kernel().sample(key, new BlockGeometry(4, 6, 2, 2), MaskSettings.of(1), 2, 3);
    INDArray input = numbers(mask());
    INDArray output = Nd4j.create(DataType.DOUBLE, 2, 3, 4, 6);
    kernel().apply(mask, input, output);
    assertThat(output).isEqualTo(input);
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT", "DOUBLE", "HALF", "BFLOAT16"})
  default void multipliesWhatIsNotFinite(DataType type) {
    // a multiplication and no selection: 0 * infinity is not a number, and -x * 0 is -0
    DropMask mask = mask();
    for (double value : new double[] {Double.NaN, Double.POSITIVE_INFINITY, -1e300, -1}) {
      INDArray array = Nd4j.valueArrayOf(new long[] {2, 3, 4, 6}, value, type);
      double stored = array.getDouble(0);
      kernel().apply(mask, array, array);
      for (long[] i = new long[4]; i[0] < 2; next(i, array)) {
        boolean kept = mask.keeps((int) i[0], (int) i[1], (int) i[2], (int) i[3]);
        double product = array.getDouble(i);
        if (Double.isFinite(stored) && !kept) {
          assertThat(1 / product).isEqualTo(Double.NEGATIVE_INFINITY);
        } else if (Double.isFinite(stored)) {
          assertThat(product).isLessThanOrEqualTo(stored);
        } else {
          assertThat(product).isEqualTo(Double.valueOf(kept ? stored : Double.NaN));
        }
      }
    }
  }

  @Test
  default void dropsTheLargestNumbersToZero() {
    // scaled first they would be infinite, and dropped then not a number
    DropMask mask = mask();
    INDArray array = Nd4j.valueArrayOf(new long[] {2, 3, 4, 6}, Float.MAX_VALUE, DataType.FLOAT);
    kernel().apply(mask, array, array);
    for (long[] i = new long[4]; i[0] < 2; next(i, array)) {
      boolean kept = mask.keeps((int) i[0], (int) i[1], (int) i[2], (int) i[3]);
      assertThat(array.getDouble(i)).isEqualTo(kept ? Double.POSITIVE_INFINITY : 0);
    }
  }

  @Test
  default void countsBeyondTheLargestHalf() {
    // T14: 70,000 kept elements are more than a half can hold
    DropMask mask = mask(1, 80, 30, 30, Normalization.BATCH);
    assertThat(mask.kept()).isGreaterThan(50_000);
    INDArray ones = Nd4j.ones(DataType.FLOAT16, 1, 80, 30, 30);
    kernel().apply(mask, ones, ones);
    assertThat(ones.castTo(DataType.DOUBLE).meanNumber().doubleValue()).isCloseTo(1, within(1e-3));
  }

  @Test
  default void readsAndWritesAnyView() {
    // T15: channels-last memory, transposed maps, 'f' order, parts of larger arrays, and all mixed
    DropMask mask = mask();
    INDArray input = numbers(mask);
    INDArray expected = Nd4j.create(DataType.DOUBLE, 2, 3, 4, 6);
    kernel().apply(mask, input, expected);
    for (int from = 0; from < 6; from++) {
      for (int to = 0; to < 6; to++) {
        INDArray source = view(from).assign(input);
        INDArray target = view(to);
        kernel().apply(mask, source, target);
        Bits.requireEqual(target, expected, "view " + from + " to " + to);
        Bits.requireEqual(source, input, "view " + from + " to " + to);
      }
      INDArray inPlace = view(from).assign(input);
      kernel().apply(mask, inPlace, inPlace);
      Bits.requireEqual(inPlace, expected, "view " + from);
    }
  }

  private static INDArray view(int kind) {
    return switch (kind) {
      case 0 -> Nd4j.create(DataType.DOUBLE, 2, 3, 4, 6);
      case 1 -> Nd4j.create(DataType.DOUBLE, 2, 4, 6, 3).permute(0, 3, 1, 2);
      case 2 -> Nd4j.create(DataType.DOUBLE, 2, 3, 6, 4).permute(0, 1, 3, 2);
      case 3 -> Nd4j.create(DataType.DOUBLE, new long[] {2, 3, 4, 6}, 'f');
      case 4 -> Nd4j.create(DataType.DOUBLE, 5, 3, 4, 6).get(NDArrayIndex.interval(2, 4));
      default ->
          Nd4j.create(DataType.DOUBLE, 2, 7, 4, 6)
              .get(NDArrayIndex.all(), NDArrayIndex.interval(3, 6));
    };
  }

  @Test
  default void leavesTheRestOfALargerArrayAlone() {
    DropMask mask = mask();
    INDArray large = Nd4j.ones(DataType.FLOAT, 6, 3, 4, 6);
    INDArray source = large.get(NDArrayIndex.interval(0, 2));
    kernel().apply(mask, source, large.get(NDArrayIndex.interval(3, 5)));
    assertThat(source).isEqualTo(Nd4j.ones(DataType.FLOAT, 2, 3, 4, 6));
    assertThat(large.slice(2)).isEqualTo(Nd4j.ones(DataType.FLOAT, 3, 4, 6));
    assertThat(large.slice(5)).isEqualTo(Nd4j.ones(DataType.FLOAT, 3, 4, 6));
    assertThat(large.slice(3).sumNumber().doubleValue()).isNotEqualTo(72);
  }

  @Test
  default void hasItselfAsGradient() {
    // T11: linear in x for a given mask, so the difference quotient is the backward pass
    DropMask mask = mask();
    Random random = Seeds.random();
    INDArray input = Nd4j.rand(DataType.DOUBLE, 2, 3, 4, 6);
    INDArray gradient = Nd4j.rand(DataType.DOUBLE, 2, 3, 4, 6);
    INDArray direction = Nd4j.create(DataType.DOUBLE, 2, 3, 4, 6);
    for (int i = 0; i < direction.length(); i++) {
      direction.putScalar(i, random.nextGaussian());
    }
    INDArray moved = input.add(direction.mul(1e-3));
    kernel().apply(mask, moved, moved);
    kernel().apply(mask, input, input);
    double change = moved.sub(input).mul(gradient).sumNumber().doubleValue() / 1e-3;
    kernel().apply(mask, gradient, gradient);
    assertThat(change).isCloseTo(gradient.mul(direction).sumNumber().doubleValue(), within(1e-9));
  }

  @Test
  default void refusesArraysThatDoNotFit() {
    DropMask mask = mask();
    INDArray right = Nd4j.ones(DataType.FLOAT, 2, 3, 4, 6);
    INDArray turned = Nd4j.ones(DataType.FLOAT, 2, 3, 6, 4);
    requireRefusal(
        mask,
        turned,
        right,
        "Cannot apply a mask of shape [2, 3, 4, 6] to an array of shape [2, 3, 6, 4]");
    requireRefusal(
        mask,
        right,
        turned,
        "Cannot apply a mask of shape [2, 3, 4, 6] to an array of shape [2, 3, 6, 4]");
    requireRefusal(
        mask,
        right.reshape(6, 4, 6),
        right,
        "Cannot apply a mask of shape [2, 3, 4, 6] to an array of shape [6, 4, 6]");
    requireRefusal(
        mask,
        right,
        right.castTo(DataType.DOUBLE),
        "Cannot apply a mask to an input of type FLOAT and an output of type DOUBLE");
    INDArray whole = right.castTo(DataType.INT32);
    requireRefusal(
        mask,
        whole,
        whole,
        "Cannot apply a mask to an input of type INT and an output of type INT");
  }

  private void requireRefusal(DropMask mask, INDArray input, INDArray output, String message) {
    assertThatThrownBy(() -> kernel().apply(mask, input, output))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }
}
