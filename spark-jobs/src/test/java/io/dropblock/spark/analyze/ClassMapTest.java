package io.dropblock.spark.analyze;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ClassMapTest {
  private static ClassMap map(int height, int width, double... values) {
    return new ClassMap(height, width, values);
  }

  @Test
  void countsWhatIsAboveHalfTheMaximum() {
    assertThat(map(2, 4, 8, 4, 4.1, -9, 0, 5, 3.9, 1).shareAboveHalf()).isEqualTo(3 / 8.);
    assertThat(map(1, 3, 2, 2, 2).shareAboveHalf()).isEqualTo(1);
    assertThat(map(1, 3, -1, -2, 0).shareAboveHalf()).as("nothing speaks for it").isZero();
    MapSpread spread =
        MapSpread.of(map(1, 2, 1, 0)).plus(MapSpread.of(map(1, 2, 1, 1))).plus(MapSpread.NONE);
    assertThat(spread).isEqualTo(new MapSpread(2, 1.5, 0));
    assertThat(spread.mean()).isEqualTo(.75);
    assertThat(MapSpread.of(map(1, 2, 1, Double.NaN)).notFinite()).isEqualTo(1);
  }

  @Test
  void betweenMiddlesValuesLieOnALine() {
    ClassMap scaled = map(1, 2, 0, 4).scaled(1, 8);
    // middles of the old places lie at 1.5 and 5.5 of the new ones
    assertThat(scaled.values()).containsExactly(0, 0, .5, 1.5, 2.5, 3.5, 4, 4);
    assertThat(map(2, 1, 0, 4).scaled(8, 1).values()).containsExactly(scaled.values());
    ClassMap both = map(2, 2, 0, 4, 8, 12).scaled(4, 4);
    for (int row = 0; row < 4; row++) {
      for (int column = 0; column < 4; column++) {
        double[] line = {0, .25, .75, 1};
        assertThat(both.values()[row * 4 + column])
            .isCloseTo(8 * line[row] + 4 * line[column], within(1e-12));
      }
    }
    ClassMap same = map(2, 3, 1, 2, 3, 4, 5, 6);
    assertThat(same.scaled(2, 3)).isEqualTo(same);
    assertThat(same.scaled(70, 90).mean()).isCloseTo(3.5, within(1e-9));
    assertThat(Arrays.stream(same.scaled(7, 7).values()).max()).hasValue(6);
  }

  @Test
  void refusesValuesThatDoNotFit() {
    assertThatThrownBy(() -> map(2, 2, 1)).hasMessage("Invalid map: 1 values of 2 x 2");
  }
}
