package io.dropblock.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What holds for the masks of every kernel. T-numbers are those of the op's test oracle. */
interface MaskContract {
  MaskKey KEY = new MaskKey(20261123, MaskKey.layer("a"), 3, 0);

  DropBlockKernel kernel();

  @Test
  default void drawsWhatTheSchemeSays() {
    // T4, T7 and T12: against a second writing of the scheme that shares no code
    Random random = Seeds.random();
    for (int repetition = 0; repetition < 40; repetition++) {
      RandomCase one = RandomCase.next(random);
      DropMask mask = one.sample(kernel());
      BlockGeometry geometry = one.geometry();
      BigInteger key = MaskScheme.philoxKey(one.key().seed(), RandomCase.LAYER);
      double gamma = one.settings().gamma(geometry);
      for (int n = 0; n < mask.samples(); n++) {
        for (int c = 0; c < mask.channels(); c++) {
          long sample = one.key().firstSample() + n;
          int drawn = one.settings().sharedChannels() ? 0 : c;
          boolean[][] dropped =
              MaskScheme.dropped(key, geometry, gamma, one.key().step(), sample, drawn);
          for (int row = 0; row < geometry.height(); row++) {
            for (int column = 0; column < geometry.width(); column++) {
              assertThat(mask.keeps(n, c, row, column))
                  .as("%s: %d %d %d %d", one, n, c, row, column)
                  .isEqualTo(!dropped[row][column]);
            }
          }
        }
      }
    }
  }

  @Test
  default void dropsWholeBlocksAndCountsThem() {
    // T4: what is dropped is the union of the blocks that are wholly dropped
    Random random = Seeds.random();
    for (int repetition = 0; repetition < 100; repetition++) {
      RandomCase one = RandomCase.next(random);
      DropMask mask = one.sample(kernel());
      long kept = 0;
      for (int n = 0; n < mask.samples(); n++) {
        long keptOfSample = 0;
        for (int c = 0; c < mask.channels(); c++) {
          assertThat(strayPixels(mask, n, c)).as("%s", one).isZero();
          keptOfSample += keptPixels(mask, n, c);
        }
        assertThat(mask.kept(n)).as("%s", one).isEqualTo(keptOfSample);
        kept += keptOfSample;
      }
      assertThat(mask.kept()).as("%s", one).isEqualTo(kept);
      requireScale(mask, kept);
    }
  }

  private static void requireScale(DropMask mask, long kept) {
    BlockGeometry geometry = mask.geometry();
    double pixels = (double) mask.channels() * geometry.height() * geometry.width();
    assertThat(mask.keptFraction()).isEqualTo(kept / (pixels * mask.samples()));
    for (int n = 0; n < mask.samples(); n++) {
      double expected =
          switch (mask.settings().normalization()) {
            case BATCH -> kept == 0 ? 0 : pixels * mask.samples() / kept;
            case SAMPLE -> mask.kept(n) == 0 ? 0 : pixels / mask.kept(n);
            case NONE -> 1;
          };
      assertThat(mask.scale(n)).as("%s", mask).isEqualTo(expected);
    }
  }

  /** Dropped pixels that lie in no wholly dropped block. */
  private static int strayPixels(DropMask mask, int n, int c) {
    BlockGeometry map = mask.geometry();
    boolean[][] inBlock = new boolean[map.height()][map.width()];
    for (int top = 0; top + map.blockHeight() <= map.height(); top++) {
      for (int left = 0; left + map.blockWidth() <= map.width(); left++) {
        boolean whole = true;
        for (int row = top; row < top + map.blockHeight(); row++) {
          for (int column = left; column < left + map.blockWidth(); column++) {
            whole &= !mask.keeps(n, c, row, column);
          }
        }
        for (int row = top; whole && row < top + map.blockHeight(); row++) {
          for (int column = left; column < left + map.blockWidth(); column++) {
            inBlock[row][column] = true;
          }
        }
      }
    }
    int stray = 0;
    for (int row = 0; row < map.height(); row++) {
      for (int column = 0; column < map.width(); column++) {
        stray += !mask.keeps(n, c, row, column) && !inBlock[row][column] ? 1 : 0;
      }
    }
    return stray;
  }

  private static long keptPixels(DropMask mask, int n, int c) {
    long kept = 0;
    for (int row = 0; row < mask.geometry().height(); row++) {
      for (int column = 0; column < mask.geometry().width(); column++) {
        kept += mask.keeps(n, c, row, column) ? 1 : 0;
      }
    }
    return kept;
  }

  @Test
  default void isAFunctionOfItsKey() {
    // T12
    BlockGeometry geometry = new BlockGeometry(8, 8, 3, 3);
    MaskSettings settings = MaskSettings.of(.8);
    DropMask mask = kernel().sample(KEY, geometry, settings, 4, 6);
    assertThat(kernel().sample(KEY, geometry, settings, 4, 6))
        .isEqualTo(mask)
        .hasSameHashCodeAs(mask);
    for (MaskKey other :
        new MaskKey[] {
          new MaskKey(KEY.seed() + 1, KEY.layer(), 3, 0),
          new MaskKey(KEY.seed(), MaskKey.layer("b"), 3, 0),
          new MaskKey(KEY.seed(), KEY.layer(), 4, 0),
          new MaskKey(KEY.seed(), KEY.layer(), 3, 1)
        }) {
      assertThat(kernel().sample(other, geometry, settings, 4, 6)).isNotEqualTo(mask);
    }
  }

  @Test
  default void doesNotDependOnHowTheBatchIsSplitOrOnTheNumberOfChannels() {
    // T12: 64 on one rank are 4 x 16 on four
    BlockGeometry geometry = new BlockGeometry(8, 6, 3, 3);
    DropMask whole = kernel().sample(KEY, geometry, MaskSettings.of(.8), 64, 6);
    for (int rank = 0; rank < 4; rank++) {
      MaskKey key = new MaskKey(KEY.seed(), KEY.layer(), KEY.step(), 16L * rank);
      DropMask part = kernel().sample(key, geometry, MaskSettings.of(.8), 16, 3);
      for (int index = 0; index < 16 * 3 * 48; index++) {
        int n = index / (3 * 48);
        int c = index / 48 % 3;
        int row = index % 48 / 6;
        assertThat(part.keeps(n, c, row, index % 6))
            .isEqualTo(whole.keeps(16 * rank + n, c, row, index % 6));
      }
    }
  }

  @Test
  default void sharesAMaskWhereAsked() {
    MaskSettings shared = new MaskSettings(.7, false, true, Normalization.BATCH);
    BlockGeometry geometry = new BlockGeometry(9, 7, 3, 2);
    DropMask mask = kernel().sample(KEY, geometry, shared, 6, 5);
    DropMask single = kernel().sample(KEY, geometry, MaskSettings.of(.7), 6, 1);
    for (int index = 0; index < 6 * 5 * 63; index++) {
      int n = index / (5 * 63);
      int row = index % 63 / 7;
      assertThat(mask.keeps(n, index / 63 % 5, row, index % 7))
          .isEqualTo(single.keeps(n, 0, row, index % 7));
    }
    assertThat(mask.kept()).isEqualTo(5 * single.kept());
    assertThat(mask.scale(0)).isEqualTo(single.scale(0));
  }

  @Test
  default void keepsEverythingAtKeepProbabilityOne() {
    // T8
    for (boolean exact : new boolean[] {false, true}) {
      MaskSettings settings = new MaskSettings(1, exact, false, Normalization.SAMPLE);
      DropMask mask = kernel().sample(KEY, new BlockGeometry(8, 8, 3, 3), settings, 2, 2);
      assertThat(mask.keptFraction()).isEqualTo(1);
      assertThat(mask.scale(1)).isEqualTo(1);
    }
  }

  @Test
  default void dropsEverythingOnlyWhereBlocksCannotMiss() {
    // T9, and T10: keep probability 0 drops all for b = 1 and b >= F, not between
    MaskSettings nominal = MaskSettings.of(0);
    assertThat(kernel().sample(KEY, new BlockGeometry(5, 5, 1, 1), nominal, 2, 3).kept()).isZero();
    assertThat(kernel().sample(KEY, new BlockGeometry(5, 5, 5, 5), nominal, 2, 3).kept()).isZero();
    assertThat(
            kernel().sample(KEY, new BlockGeometry(14, 14, 7, 7), nominal, 40, 50).keptFraction())
        .isCloseTo(.4507, within(.03));
    MaskSettings exact = new MaskSettings(0, true, false, Normalization.BATCH);
    assertThat(kernel().sample(KEY, new BlockGeometry(14, 14, 7, 7), exact, 2, 3).kept()).isZero();
  }

  @Test
  default void startsABlockExactlyFromItsProbabilityOn() {
    // a block as large as the map: it is dropped if word >= keep probability * 2^32
    BlockGeometry geometry = new BlockGeometry(4, 4, 4, 4);
    for (int step = 0; step < 20; step++) {
      MaskKey key = new MaskKey(KEY.seed(), KEY.layer(), step, 0);
      int[] words = {0, 0, 0, step};
      Philox.encrypt(words, key.philoxKey());
      double word = Integer.toUnsignedLong(words[0]);
      assertThat(kernel().sample(key, geometry, MaskSettings.of(word / 0x1p32), 1, 1).kept())
          .isZero();
      assertThat(kernel().sample(key, geometry, MaskSettings.of((word + 1) / 0x1p32), 1, 1).kept())
          .isEqualTo(16);
    }
  }

  @Test
  default void refusesWhatItCannotDraw() {
    BlockGeometry geometry = new BlockGeometry(5, 5, 3, 3);
    assertThatThrownBy(() -> kernel().sample(KEY, geometry, MaskSettings.of(.9), 0, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot make a mask for 0 samples of 3 channels");
    BlockGeometry large = new BlockGeometry(1000, 1000, 3, 3);
    assertThatThrownBy(() -> kernel().sample(KEY, large, MaskSettings.of(.9), 1 << 10, 1 << 20))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot make a mask for 1024 samples of 1048576 channels of 1000 x 1000:"
                + " too many elements");
  }
}
