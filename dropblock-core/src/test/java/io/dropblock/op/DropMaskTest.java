package io.dropblock.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** The forced-block cases of the op's test oracle, T4. */
class DropMaskTest {

  @Test
  void dropsOneBlock() {
    DropMask mask = mask(5, 3);
    drop(mask, 0, 0);
    assertThat(mask.kept()).isEqualTo(16);
    assertThat(mask.scale(0)).isCloseTo(1.5625, within(1e-12));
    assertThat(mask.keeps(0, 0, 2, 2)).isFalse();
    assertThat(mask.keeps(0, 0, 3, 2)).isTrue();
    assertThat(mask.keeps(0, 0, 2, 3)).isTrue();
  }

  @Test
  void countsOverlapOnce() {
    DropMask mask = mask(5, 3);
    drop(mask, 0, 0);
    drop(mask, 1, 1);
    assertThat(mask.kept()).isEqualTo(11);
  }

  @Test
  void dropsEvenBlocks() {
    DropMask mask = mask(5, 2);
    drop(mask, 0, 0);
    drop(mask, 3, 3);
    assertThat(mask.kept()).isEqualTo(17);
  }

  @Test
  void dropsTheBlocksOfThePapersFigureTwo() {
    DropMask mask = mask(10, 5);
    drop(mask, 4, 2);
    drop(mask, 0, 5);
    assertThat(mask.kept()).isEqualTo(52);
    assertThat(mask.scale(0)).isCloseTo(1.923077, within(1e-6));
  }

  @Test
  void scalesNothingToZero() {
    DropMask mask = mask(3, 3);
    drop(mask, 0, 0);
    assertThat(mask.kept()).isZero();
    assertThat(mask.scale(0)).isZero();
  }

  private static void drop(DropMask mask, int startRow, int startColumn) {
    mask.addDropped(0, mask.dropBlock(0, startRow, startColumn));
  }

  private static DropMask mask(int side, int block) {
    return new DropMask(MaskSettings.of(.9), 1, 1, new BlockGeometry(side, side, block, block));
  }
}
