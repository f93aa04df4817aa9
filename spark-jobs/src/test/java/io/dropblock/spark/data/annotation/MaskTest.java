package io.dropblock.spark.data.annotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MaskTest {
  @Test
  void runsGoDownTheColumns() {
    // A block of 4 x 3 pixels at (3, 2), and the corner; an empty run first.
    RunLengths runs = RunLengths.ofCompressed(9, 7, "01f02^O00000<");
    assertThat(draw(Mask.of(runs, 9, 7), 9, 7))
        .containsExactly(
            "#........",
            ".........",
            "...####..",
            "...####..",
            "...####..",
            ".........",
            ".........");
  }

  @Test
  void aRingCoversThePixelsWhoseCentresItHolds() {
    Polygons triangle = new Polygons(new float[][] {{1, 1, 6, 1, 1, 6}});
    assertThat(draw(Mask.of(triangle, 7, 7), 7, 7))
        .containsExactly(
            ".......", ".####..", ".###...", ".##....", ".#.....", ".......", ".......");
  }

  @Test
  void ringsAreUnitedAndAFigureThatCrossesItselfHasHoles() {
    Polygons two =
        new Polygons(
            new float[][] {
              {5, 5, 30, 5, 30, 30, 5, 30},
              {20, 20, 50, 20, 50, 45, 20, 45}
            });
    assertThat(Mask.of(two, 60, 50).area()).isEqualTo(25 * 25 + 30 * 25 - 10 * 10);
    Polygons star = new Polygons(new float[][] {{30, 2, 40, 45, 3, 18, 57, 18, 18, 45}});
    // 497 by pycocotools 2.0.11, which draws the line itself a little thicker.
    assertThat(Mask.of(star, 60, 50).area()).isCloseTo(497, within(25));
    assertThat(Mask.of(star, 60, 50).contains(30, 25)).isFalse();
  }

  @Test
  void whatLiesBeyondTheImageIsCutOff() {
    Polygons wide = new Polygons(new float[][] {{-1e6f, 1, 1e6f, 1, 1e6f, 3, -1e6f, 3}});
    assertThat(draw(Mask.of(wide, 4, 4), 4, 4)).containsExactly("....", "####", "####", "....");
    Polygons away = new Polygons(new float[][] {{9, 9, 12, 9, 12, 12}});
    assertThat(Mask.of(away, 4, 4).area()).isZero();
  }

  @Test
  void scalesBothForms() {
    Polygons square = new Polygons(new float[][] {{10, 20, 30, 20, 30, 40, 10, 40}});
    RunLengths runs = runs(Mask.of(square, 40, 60), 40, 60);
    for (Shape shape : List.of(square, runs)) {
      assertThat(draw(Mask.of(shape, 4, 6, .1, .1), 4, 6))
          .containsExactly("....", "....", ".##.", ".##.", "....", "....");
      assertThat(Mask.of(shape, 80, 60, 2, 1).area()).isEqualTo(40 * 20);
    }
  }

  @Test
  void theEdgeIsOnePixelWide() {
    Mask mask = Mask.of(new Polygons(new float[][] {{1, 1, 4, 1, 4, 4, 1, 4}}), 5, 5);
    assertThat(mask.isEdge(1, 1)).isTrue();
    assertThat(mask.isEdge(2, 2)).isFalse();
    assertThat(mask.isEdge(0, 0)).isFalse();
    assertThat(mask.isEdge(3, 2)).isTrue();
    assertThat(mask.contains(-1, 2)).isFalse();
    assertThat(mask.contains(5, 2)).isFalse();
  }

  @Test
  void refusesSizesThatAreNone() {
    RunLengths runs = RunLengths.of(1, 1, new int[] {1});
    assertThatThrownBy(() -> Mask.of(runs, 0, 5)).hasMessage("Invalid mask size: 0 x 5");
    assertThatThrownBy(() -> Mask.of(runs, 1 << 16, 1 << 16))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static RunLengths runs(Mask mask, int width, int height) {
    List<Integer> counts = new ArrayList<>(List.of(0));
    boolean inside = false;
    for (int x = 0; x < width; x++) {
      for (int y = 0; y < height; y++) {
        if (mask.contains(x, y) != inside) {
          inside = !inside;
          counts.add(0);
        }
        counts.set(counts.size() - 1, counts.get(counts.size() - 1) + 1);
      }
    }
    return new RunLengths(width, height, counts);
  }

  private static List<String> draw(Mask mask, int width, int height) {
    List<String> rows = new ArrayList<>();
    for (int y = 0; y < height; y++) {
      StringBuilder row = new StringBuilder();
      for (int x = 0; x < width; x++) {
        row.append(mask.contains(x, y) ? '#' : '.');
      }
      rows.add(row.toString());
    }
    return rows;
  }
}
