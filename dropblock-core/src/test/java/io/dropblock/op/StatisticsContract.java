package io.dropblock.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How often masks drop what, within five standard deviations of what the formulas say. */
interface StatisticsContract {
  int SAMPLES = 200;
  int CHANNELS = 100;
  int MAPS = SAMPLES * CHANNELS;

  DropBlockKernel kernel();

  private DropMask sample(BlockGeometry geometry, double keep, boolean exact) {
    MaskKey key = new MaskKey(7, MaskKey.layer("statistics"), 11, 0);
    MaskSettings settings = new MaskSettings(keep, exact, false, Normalization.BATCH);
    return kernel().sample(key, geometry, settings, SAMPLES, CHANNELS);
  }

  @ParameterizedTest(name = "{0} x {1}, block {2}, keep {3}")
  @CsvSource({
    "14, 14, 7, .9, .907059963, .138715",
    "14, 14, 7, .975, .975461610, .076480",
    "28, 28, 7, .975, .975391649, .038424",
    "28, 28, 7, .9, .906058, .070638",
    "7, 7, 7, .9, .9, .3",
    "7, 7, 3, .9, .905326, .121649",
    "7, 7, 5, .9, .905326, .203714",
    "14, 14, 3, .9, .904919, .061450",
    "14, 14, 1, .9, .9, .021429",
    "14, 14, 14, .9, .9, .3",
  })
  default void keepsTheExpectedShare(
      int height, int width, int block, double keep, double expected, double deviation) {
    // T2 and T14 (the rate of group 3), with the deviation of one map from the oracle
    DropMask mask = sample(BlockGeometry.clipped(height, width, block, block), keep, false);
    assertThat(mask.keptFraction()).isCloseTo(expected, within(5 * deviation / Math.sqrt(MAPS)));
  }

  @ParameterizedTest(name = "{0}, block {1}, keep {2}")
  @CsvSource({
    "14, 7, .9, .138715",
    "7, 3, .9, .121649",
    "7, 5, .9, .203714",
    "14, 5, .9, .100432",
    "7, 7, .9, .3",
    "14, 1, .9, .021429",
    "28, 7, .975, .038424"
  })
  default void keepsExactlyTheShareAskedFor(int side, int block, double keep, double deviation) {
    // T16; a tenth more for the deviation, which the oracle gives at the nominal rate
    DropMask mask = sample(BlockGeometry.clipped(side, side, block, block), keep, true);
    assertThat(mask.keptFraction()).isCloseTo(keep, within(5 * 1.1 * deviation / Math.sqrt(MAPS)));
  }

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
  default void keepsEveryPixelAsOftenAsTheFormulaSays(
      int height, int width, int blockHeight, int blockWidth, double keep) {
    // T3: catches shifted even blocks and swapped sides, which no mean over the map can see
    BlockGeometry geometry = new BlockGeometry(height, width, blockHeight, blockWidth);
    DropMask mask = sample(geometry, keep, false);
    double gamma =
        (1 - keep)
            * height
            * width
            / (blockHeight * blockWidth * (height - blockHeight + 1.) * (width - blockWidth + 1));
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        int covering = covering(row, height, blockHeight) * covering(column, width, blockWidth);
        double expected = Math.pow(1 - gamma, covering);
        double sigma = Math.sqrt(expected * (1 - expected) / MAPS);
        assertThat(keptShare(mask, row, column)).isCloseTo(expected, within(5 * sigma + 1e-9));
      }
    }
  }

  private static int covering(int position, int side, int block) {
    int count = 0;
    for (int start = 0; start + block <= side; start++) {
      count += start <= position && position < start + block ? 1 : 0;
    }
    return count;
  }

  private static double keptShare(DropMask mask, int row, int column) {
    int kept = 0;
    for (int map = 0; map < MAPS; map++) {
      kept += mask.keeps(map / CHANNELS, map % CHANNELS, row, column) ? 1 : 0;
    }
    return (double) kept / MAPS;
  }

  @Test
  default void leavesTwoThirdsOfTheMapsOfGroupThreeUntouched() {
    DropMask mask = sample(new BlockGeometry(14, 14, 7, 7), .9, false);
    int untouched = 0;
    for (int map = 0; map < MAPS; map++) {
      boolean whole = true;
      for (int pixel = 0; pixel < 196; pixel++) {
        whole &= mask.keeps(map / CHANNELS, map % CHANNELS, pixel / 14, pixel % 14);
      }
      untouched += whole ? 1 : 0;
    }
    double expected = .669479;
    assertThat((double) untouched / MAPS)
        .isCloseTo(expected, within(5 * Math.sqrt(expected * (1 - expected) / MAPS)));
  }

  @Test
  default void drawsPixelsChannelsAndSamplesIndependently() {
    // neighbouring starts of b = 1 are all pixels: the joint drop rate of two is the product
    DropMask mask = sample(new BlockGeometry(1, 3, 1, 1), .7, false);
    int pixels = 0;
    int channels = 0;
    int samples = 0;
    for (int n = 0; n + 1 < SAMPLES; n++) {
      for (int c = 0; c + 1 < CHANNELS; c++) {
        if (!mask.keeps(n, c, 0, 0)) {
          pixels += mask.keeps(n, c, 0, 1) ? 0 : 1;
          channels += mask.keeps(n, c + 1, 0, 0) ? 0 : 1;
          samples += mask.keeps(n + 1, c, 0, 0) ? 0 : 1;
        }
      }
    }
    double trials = (SAMPLES - 1) * (CHANNELS - 1);
    // pairs that share a map are not independent trials: twice the deviation
    double tolerance = 10 * Math.sqrt(.09 * .91 / trials);
    assertThat(pixels / trials).isCloseTo(.09, within(tolerance));
    assertThat(channels / trials).isCloseTo(.09, within(tolerance));
    assertThat(samples / trials).isCloseTo(.09, within(tolerance));
  }
}
