package io.dropblock.metric.coco;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link TrueObjects} and {@link FoundObjects}. */
class ObjectsTest {
  private static final double[] BOX = {-1, 2, 0, 4};
  private static final int[] CATEGORY = {0};

  @Test
  void arraysAreOfAsManyObjects() {
    assertThat(new FoundObjects(BOX, new double[] {-3}, CATEGORY).size()).isEqualTo(1);
    assertThat(new TrueObjects(BOX, new double[1], new boolean[1], CATEGORY).size()).isEqualTo(1);
    assertThatThrownBy(() -> new FoundObjects(new double[5], new double[1], CATEGORY))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid found objects: 5 box coordinates, not 4");
    assertThatThrownBy(() -> new FoundObjects(BOX, new double[2], CATEGORY))
        .hasMessage("Invalid found objects: 2 scores, not 1");
    assertThatThrownBy(() -> new TrueObjects(BOX, new double[0], new boolean[1], CATEGORY))
        .hasMessage("Invalid true objects: 0 areas, not 1");
    assertThatThrownBy(() -> new TrueObjects(BOX, new double[1], new boolean[2], CATEGORY))
        .hasMessage("Invalid true objects: 2 crowds, not 1");
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void numbersAreFinite(double broken) {
    for (int i = 0; i < 4; i++) {
      double[] box = BOX.clone();
      box[i] = broken;
      assertThatThrownBy(() -> new FoundObjects(box, new double[1], CATEGORY))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("Invalid found object 0: its box [")
          .hasMessageEndingWith("] is not x, y and sizes from 0");
    }
    assertThatThrownBy(() -> new FoundObjects(BOX, new double[] {broken}, CATEGORY))
        .hasMessage("Invalid found object 0: its score is " + broken + ", not a finite number");
    assertThatThrownBy(() -> new TrueObjects(BOX, new double[] {broken}, new boolean[1], CATEGORY))
        .hasMessage("Invalid true object 0: its area is " + broken + ", not a number from 0");
  }

  @Test
  void sizesAndCategoriesAreNotNegative() {
    for (int i = 2; i < 4; i++) {
      double[] box = BOX.clone();
      box[i] = -1e-9;
      assertThatThrownBy(() -> new TrueObjects(box, new double[1], new boolean[1], CATEGORY))
          .hasMessageStartingWith("Invalid true object 0: its box [");
    }
    assertThatThrownBy(() -> new TrueObjects(BOX, new double[] {-1}, new boolean[1], CATEGORY))
        .hasMessage("Invalid true object 0: its area is -1.0, not a number from 0");
    assertThatThrownBy(() -> new FoundObjects(BOX, new double[1], new int[] {-1}))
        .hasMessage("Invalid found object 0: category -1 is none");
  }
}
