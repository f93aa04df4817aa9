package io.dropblock.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlockGeometryTest {

  @ParameterizedTest
  @CsvSource({
    "14, 14, 7, .1, .00625",
    "14, 14, 7, .025, .0015625",
    "28, 28, 7, .025, .000826446281",
    "56, 56, 7, .1, .00256",
    "7, 7, 7, .1, .1",
    "7, 7, 3, .1, .0217777778",
    "7, 7, 2, .1, .0340277778",
    "14, 14, 1, .1, .1",
    "14, 14, 8, .1, .00625",
    "10, 16, 5, .1, .00888888889",
    "6, 9, 3, .1, .0214285714",
    "9, 5, 7, .2, .072",
    "4, 6, 7, .1, .05",
    "1, 1, 7, .1, .1",
    "32, 32, 16, .8, .01107266436",
  })
  void gammaIsThePapersEquationOne(int height, int width, int block, double drop, double gamma) {
    // the op's test oracle T1, to its ten digits
    assertThat(BlockGeometry.clipped(height, width, block, block).gamma(1 - drop))
        .isCloseTo(gamma, within(6e-11));
  }

  @ParameterizedTest
  @CsvSource({
    "14, 14, 7, .9, .907059963",
    "28, 28, 7, .975, .975391649",
    "7, 7, 7, .9, .9",
    "7, 7, 5, .9, .905326",
    "14, 14, 3, .9, .904919",
    "14, 14, 1, .9, .9",
    "32, 32, 16, .2, .533566",
    "32, 32, 4, .2, .457537",
    "10, 16, 5, .9, .906295334",
    "6, 9, 3, .9, .905272287",
    "9, 5, 7, .8, .816471247",
    "3, 3, 2, .5, .578698158",
    "14, 14, 7, 0, .450699",
  })
  void expectedKeepIsExact(int height, int width, int block, double keep, double expected) {
    // T2 and T10
    assertThat(BlockGeometry.clipped(height, width, block, block).expectedKeep(keep))
        .isCloseTo(expected, within(6e-7));
  }

  @ParameterizedTest
  @CsvSource({
    "14, 7, .9, .00676435",
    "14, 7, .975, .00159246",
    "28, 7, .975, .00083981",
    "28, 7, .9, .00353394",
    "7, 7, .9, .1",
    "7, 3, .9, .02307737",
    "7, 5, .9, .02307737",
    "14, 3, .9, .01594935",
    "14, 5, .9, .00839728",
    "14, 1, .9, .1",
    "14, 7, 1, 0",
    "14, 7, 0, 1",
  })
  void exactGammaKeepsWhatIsAskedFor(int side, int block, double keep, double gamma) {
    // T2 and T16
    BlockGeometry geometry = BlockGeometry.clipped(side, side, block, block);
    assertThat(geometry.exactGamma(keep)).isCloseTo(gamma, within(6e-9));
  }

  @Test
  void clipsRectanglesSideBySide() {
    assertThat(BlockGeometry.clipped(9, 5, 4, 7)).isEqualTo(new BlockGeometry(9, 5, 4, 5));
    assertThat(BlockGeometry.clipped(9, 5, 7, 7)).isEqualTo(new BlockGeometry(9, 5, 5, 5));
  }

  @Test
  void countsTheStartsThatCoverAPixel() {
    BlockGeometry geometry = new BlockGeometry(14, 7, 7, 3);
    int[] rows = {1, 2, 3, 4, 5, 6, 7, 7, 6, 5, 4, 3, 2, 1};
    int[] columns = {1, 2, 3, 3, 3, 2, 1};
    for (int row = 0; row < 14; row++) {
      for (int column = 0; column < 7; column++) {
        assertThat(geometry.coveringStarts(row, column)).isEqualTo(rows[row] * columns[column]);
      }
    }
  }

  @Test
  void refusesWhatIsNoGeometry() {
    assertThatThrownBy(() -> new BlockGeometry(0, 3, 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid feature map: 0 x 3");
    assertThatThrownBy(() -> new BlockGeometry(4, 4, 5, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid block size: 5 x 1 on a 4 x 4 map");
    assertThatThrownBy(() -> BlockGeometry.clipped(4, 4, 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid block size: 0 x 1 on a 4 x 4 map");
    assertThatThrownBy(() -> new BlockGeometry(4, 4, 1, 1).gamma(Double.NaN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid keep probability: NaN, must be between 0 and 1");
    assertThatThrownBy(() -> MaskSettings.of(1.5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid keep probability: 1.5, must be between 0 and 1");
    assertThatThrownBy(() -> new MaskSettings(.9, false, false, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid normalization: null");
  }
}
