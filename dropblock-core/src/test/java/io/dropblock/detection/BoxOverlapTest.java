package io.dropblock.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BoxOverlapTest {
  /** By hand, the first box is {@code 0, 0, 4, 6}: area 24. */
  @ParameterizedTest
  @CsvSource({
    // itself
    "0, 0, 4, 6, 24, 1",
    // its lower right quarter, and as much outside: 6 of 24 + 24 - 6
    "2, 3, 6, 9, 24, 0.14285714285714285",
    // half of it
    "0, 0, 2, 6, 12, 0.5",
    // inside
    "1, 1, 2, 3, 2, 0.08333333333333333",
    // around it: 24 of 80
    "-2, -2, 6, 8, 80, 0.3",
    // a common side, a common corner, apart
    "4, 0, 8, 6, 24, 0",
    "4, 6, 5, 7, 1, 0",
    "10, 10, 12, 12, 4, 0",
    // beside in one direction only
    "0, 7, 4, 9, 8, 0",
    // no height, no width, neither, inside
    "2, 1, 2, 5, 0, 0",
    "1, 3, 4, 3, 0, 0",
    "2, 2, 2, 2, 0, 0",
    // ends before it begins: one way, both ways
    "3, 1, 1, 5, 0, 0",
    "3, 5, 1, 1, 0, 0"
  })
  void isWhatAHandFinds(float y0, float x0, float y1, float x1, double area, double overlap) {
    float[] boxes = {0, 0, 4, 6, y0, x0, y1, x1};
    assertThat(BoxOverlap.area(boxes, 4)).isEqualTo(area);
    assertThat(BoxOverlap.of(boxes, 0, boxes, 4)).isCloseTo(overlap, within(1e-15));
    assertThat(BoxOverlap.of(boxes, 4, boxes, 0)).isCloseTo(overlap, within(1e-15));
  }

  /** By torchvision 0.14.1: {@code ops.box_iou} in doubles. */
  @Test
  void isWhatTorchvisionFinds() {
    float[] boxes = {
      4, 25, 72, 52, 3, 19, 67, 39, 23, 39, 54, 114, 28, 14, 106, 40,
      23, 8, 62, 72, 25, 26, 50, 102, 8, 39, 52, 114, 38, 4, 111, 72
    };
    double[] expected = {
      0.3211344922232388, 0.21062864549578741, 0.12532865907099036, 0.15606936416184972,
      0.260347129506008, 0.1138353765323993, 0, 0.10240112994350282,
      0.2693522906793049, 0.5943396226415094, 0.6304347826086957, 0.07809495636740127,
      0.24285714285714285, 0.08508287292817679, 0.004524886877828055, 0.33843797856049007
    };
    for (int pair = 0; pair < 16; pair++) {
      double overlap = BoxOverlap.of(boxes, 4 * (pair / 4), boxes, 16 + 4 * (pair % 4));
      assertThat(overlap).as("pair %d", pair).isCloseTo(expected[pair], within(1e-15));
    }
  }

  @Test
  void ofTwoBoxesWithoutAreaIsZero() {
    float[] boxes = {2, 2, 2, 2};
    assertThat(BoxOverlap.of(boxes, 0, boxes, 0)).isZero();
  }

  @Test
  void ofTheGreatestBoxesIsANumber() {
    float most = Float.MAX_VALUE;
    float[] boxes = {-most, -most, most, most, 0, -most, most, most};
    assertThat(BoxOverlap.of(boxes, 0, boxes, 4)).isCloseTo(.5, within(1e-12));
  }
}
