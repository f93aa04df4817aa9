package io.dropblock.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ReferenceKernelTest {
  private static final long SEED = Long.getLong("tests.seed", 20261123);
  private static final MaskKey KEY = new MaskKey(SEED, MaskKey.layer("a"), 3, 0);

  private final DropBlockKernel kernel = new ReferenceKernel();

  @ParameterizedTest(name = "{0} x {1}, block {2} x {3}, keep {4}")
  @CsvSource({
    "14, 14, 7, 7, .9",
    "14, 14, 4, 4, .9",
    "7, 7, 7, 7, .9",
    "7, 7, 3, 3, .9",
    "6, 9, 3, 3, .9",
    "9, 6, 3, 3, .9",
    "10, 7, 2, 5, .7",
    "5, 5, 1, 1, .7",
    "3, 3, 2, 2, .5",
    "14, 14, 7, 7, 0",
  })
  void everyPixelIsKeptAsOftenAsTheFormulaSays(
      int height, int width, int blockHeight, int blockWidth, double keep) {
    // T3: catches shifted even blocks and swapped sides, which no mean over the map can see
    BlockGeometry geometry = new BlockGeometry(height, width, blockHeight, blockWidth);
    int maps = 20_000;
    DropMask mask = kernel.sample(KEY, geometry, MaskSettings.of(keep), maps / 100, 100);
    double notStarted = 1 - geometry.gamma(keep);
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        double expected = Math.pow(notStarted, geometry.coveringStarts(row, column));
        double sigma = Math.sqrt(expected * (1 - expected) / maps);
        assertThat(keptShare(mask, row, column)).isCloseTo(expected, within(5 * sigma + 1e-9));
      }
    }
  }

  private static double keptShare(DropMask mask, int row, int column) {
    int kept = 0;
    for (int sample = 0; sample < mask.samples(); sample++) {
      for (int channel = 0; channel < mask.channels(); channel++) {
        kept += mask.keeps(sample, channel, row, column) ? 1 : 0;
      }
    }
    return (double) kept / (mask.samples() * mask.channels());
  }

  @Test
  void startsBlocksIndependently() {
    // neighbouring starts of b = 1 are all pixels: their joint drop rate is the product
    int maps = 40_000;
    DropMask mask =
        kernel.sample(KEY, new BlockGeometry(1, 3, 1, 1), MaskSettings.of(.7), maps / 100, 100);
    int both = 0;
    for (int sample = 0; sample < mask.samples(); sample++) {
      for (int channel = 0; channel < mask.channels(); channel++) {
        boolean dropped = !mask.keeps(sample, channel, 0, 0) && !mask.keeps(sample, channel, 0, 1);
        both += dropped ? 1 : 0;
      }
    }
    assertThat((double) both / maps).isCloseTo(.09, within(5 * Math.sqrt(.09 * .91 / maps)));
  }

  @Test
  void countsWhatItKeeps() {
    DropMask mask = kernel.sample(KEY, new BlockGeometry(9, 13, 4, 2), MaskSettings.of(.6), 3, 5);
    long kept = 0;
    for (int map = 0; map < 15; map++) {
      for (int pixel = 0; pixel < 9 * 13; pixel++) {
        kept += mask.keeps(map / 5, map % 5, pixel / 13, pixel % 13) ? 1 : 0;
      }
    }
    assertThat(mask.kept()).isEqualTo(kept).isLessThan(mask.size());
  }

  @Test
  void isAFunctionOfItsKey() {
    BlockGeometry geometry = new BlockGeometry(8, 8, 3, 3);
    DropMask mask = kernel.sample(KEY, geometry, MaskSettings.of(.8), 4, 6);
    assertThat(kernel.sample(KEY, geometry, MaskSettings.of(.8), 4, 6)).isEqualTo(mask);
    MaskKey otherLayer = new MaskKey(SEED, MaskKey.layer("b"), 3, 0);
    MaskKey otherStep = new MaskKey(SEED, MaskKey.layer("a"), 4, 0);
    MaskKey otherSeed = new MaskKey(SEED + 1, MaskKey.layer("a"), 3, 0);
    assertThat(kernel.sample(otherLayer, geometry, MaskSettings.of(.8), 4, 6)).isNotEqualTo(mask);
    assertThat(kernel.sample(otherStep, geometry, MaskSettings.of(.8), 4, 6)).isNotEqualTo(mask);
    assertThat(kernel.sample(otherSeed, geometry, MaskSettings.of(.8), 4, 6)).isNotEqualTo(mask);
  }

  @Test
  void doesNotDependOnHowTheBatchIsSplitOrOnTheNumberOfChannels() {
    BlockGeometry geometry = new BlockGeometry(8, 6, 3, 3);
    DropMask whole = kernel.sample(KEY, geometry, MaskSettings.of(.8), 4, 6);
    MaskKey secondHalf = new MaskKey(SEED, MaskKey.layer("a"), 3, 2);
    DropMask part = kernel.sample(secondHalf, geometry, MaskSettings.of(.8), 2, 3);
    for (int sample = 0; sample < 2; sample++) {
      for (int channel = 0; channel < 3; channel++) {
        for (int row = 0; row < 8; row++) {
          for (int column = 0; column < 6; column++) {
            assertThat(part.keeps(sample, channel, row, column))
                .isEqualTo(whole.keeps(sample + 2, channel, row, column));
          }
        }
      }
    }
  }

  @Test
  void keepsEverythingAtKeepProbabilityOne() {
    assertThat(
            kernel
                .sample(KEY, new BlockGeometry(8, 8, 3, 3), MaskSettings.of(1), 2, 2)
                .keptFraction())
        .isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"FLOAT, 1e-6", "DOUBLE, 1e-13", "HALF, 2e-3", "BFLOAT16, 2e-2"})
  void multipliesByMaskAndScale(DataType type, double tolerance) {
    DropMask mask = kernel.sample(KEY, new BlockGeometry(6, 6, 3, 3), MaskSettings.of(.7), 2, 4);
    INDArray input = Nd4j.linspace(1, 2, 2 * 4 * 36, DataType.DOUBLE).reshape(2, 4, 6, 6);
    INDArray output = Nd4j.create(type, 2, 4, 6, 6);
    kernel.apply(mask, input.castTo(type), output);
    for (int sample = 0; sample < 2; sample++) {
      for (int channel = 0; channel < 4; channel++) {
        for (int row = 0; row < 6; row++) {
          for (int column = 0; column < 6; column++) {
            double kept = mask.keeps(sample, channel, row, column) ? mask.scale(0) : 0;
            double expected = input.getDouble(sample, channel, row, column) * kept;
            assertThat(output.getDouble(sample, channel, row, column))
                .isCloseTo(expected, within(tolerance * 3));
          }
        }
      }
    }
    assertThat(output.dataType()).isEqualTo(type);
  }

  @Test
  void keepsTheMeanOfOnes() {
    // T5
    DropMask mask = kernel.sample(KEY, new BlockGeometry(14, 14, 7, 7), MaskSettings.of(.9), 4, 16);
    INDArray ones = Nd4j.ones(DataType.DOUBLE, 4, 16, 14, 14);
    kernel.apply(mask, ones, ones);
    assertThat(ones.meanNumber().doubleValue()).isCloseTo(1, within(1e-12));
    assertThat(mask.scale(0)).isGreaterThan(1);
  }

  @Test
  void returnsZerosWhereNothingIsKept() {
    // T9
    DropMask mask = kernel.sample(KEY, new BlockGeometry(5, 5, 1, 1), MaskSettings.of(0), 2, 3);
    INDArray array = Nd4j.ones(DataType.FLOAT, 2, 3, 5, 5);
    kernel.apply(mask, array, array);
    assertThat(mask.kept()).isZero();
    assertThat(array.sumNumber().doubleValue()).isZero();
  }

  @Test
  void readsAndWritesViews() {
    DropMask mask = kernel.sample(KEY, new BlockGeometry(4, 6, 2, 2), MaskSettings.of(.5), 2, 3);
    INDArray input = Nd4j.rand(DataType.DOUBLE, 2, 3, 4, 6);
    INDArray expected = Nd4j.create(DataType.DOUBLE, 2, 3, 4, 6);
    kernel.apply(mask, input, expected);
    INDArray channelsLast = input.permute(0, 2, 3, 1).dup('c');
    INDArray output = Nd4j.create(DataType.DOUBLE, 2, 4, 6, 3);
    kernel.apply(mask, channelsLast.permute(0, 3, 1, 2), output.permute(0, 3, 1, 2));
    assertThat(output.permute(0, 3, 1, 2)).isEqualTo(expected);
  }

  @Test
  void refusesAnArrayOfAnotherShape() {
    DropMask mask = kernel.sample(KEY, new BlockGeometry(4, 6, 2, 2), MaskSettings.of(.5), 2, 3);
    INDArray turned = Nd4j.ones(2, 3, 6, 4);
    assertThatThrownBy(() -> kernel.apply(mask, turned, turned))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot apply a mask of shape [2, 3, 4, 6] to an array of shape [2, 3, 6, 4]");
  }

  @Test
  void refusesStepsAndSamplesOutOfRange() {
    assertThatThrownBy(() -> new MaskKey(1, 1, -1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid step: -1");
    assertThatThrownBy(() -> new MaskKey(1, 1, 0, 1L << 32))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid sample index: 4294967296");
  }
}
