package io.dropblock.detection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NonMaximumSuppressionTest {
  private static float[] box(float... numbers) {
    return numbers;
  }

  /** By hand, with a pixel more a side: 10 x 10 of 10 x 20 is exactly 0.5, of 10 x 19 more. */
  @Test
  void countsAPixelMoreASide() {
    NonMaximumSuppression boxes = new NonMaximumSuppression(1, 9, .5);
    assertThat(boxes.add(box(0, 0, 9, 19), 0)).isTrue();
    assertThat(boxes.add(box(0, 0, 9, 9), 0)).isTrue();
    assertThat(boxes.add(box(0, 20, 9, 38), 0)).isTrue();
    assertThat(boxes.add(box(0, 20, 9, 29), 0)).isFalse();
    assertThat(boxes.count()).isEqualTo(3);
    assertThat(boxes.boxes()).containsExactly(0, 0, 9, 19, 0, 0, 9, 9, 0, 20, 9, 38);
  }

  @Test
  void looksAtBoxesOfTheSameClassOnly() {
    NonMaximumSuppression boxes = new NonMaximumSuppression(3, 9, .5);
    assertThat(boxes.add(box(0, 0, 9, 9), 2)).isTrue();
    assertThat(boxes.add(box(0, 0, 9, 9), 0)).isTrue();
    assertThat(boxes.add(box(0, 0, 9, 9), 2)).isFalse();
  }

  /**
   * A box that went takes no other with it: 80 of 120, but 60 of 140 from the first to the last.
   */
  @Test
  void isDoneByBoxesThatStayed() {
    NonMaximumSuppression boxes = new NonMaximumSuppression(1, 9, .5);
    assertThat(boxes.add(box(0, 0, 9, 9), 0)).isTrue();
    assertThat(boxes.add(box(0, 2, 9, 11), 0)).isFalse();
    assertThat(boxes.add(box(0, 4, 9, 13), 0)).isTrue();
  }

  /** By hand: those without area have 1 pixel; a column of 10 pixels is a part of 100. */
  @Test
  void takesBoxesWithoutAreaAndSuchThatTouch() {
    NonMaximumSuppression boxes = new NonMaximumSuppression(1, 9, 0);
    assertThat(boxes.add(box(5, 5, 5, 5), 0)).isTrue();
    assertThat(boxes.add(box(5, 5, 5, 5), 0)).isFalse();
    assertThat(boxes.add(box(6, 5, 6, 5), 0)).isTrue();
    boxes.clear();
    assertThat(boxes.add(box(0, 0, 9, 9), 0)).isTrue();
    assertThat(boxes.add(box(0, 9, 9, 9), 0)).isFalse();
    assertThat(boxes.add(box(0, 10, 9, 19), 0)).isTrue();
    assertThat(boxes.count()).isEqualTo(2);
  }

  private static double number(int i, int times, int plus) {
    return ((long) i * i * times + plus) % 104729 / 104729.;
  }

  /** Boxes of at least 200,000 pixels a side, for which a pixel more makes no difference. */
  private static List<Integer> stayingOfLarge(double most) {
    NonMaximumSuppression boxes = new NonMaximumSuppression(3, 200, most);
    List<Integer> staying = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      double y = number(i, 7919, 1) * 60;
      double x = number(i, 6007, 2) * 60;
      double height = 20 + number(i, 211, 3) * 30;
      double width = 20 + number(i, 3571, 4) * 30;
      float[] box =
          box(
              (float) (y * 1e4),
              (float) (x * 1e4),
              (float) ((y + height) * 1e4),
              (float) ((x + width) * 1e4));
      if (boxes.add(box, i % 3)) {
        staying.add(i);
      }
    }
    return staying;
  }

  /** By torchvision 0.14.1: {@code ops.batched_nms} in doubles, scores falling. */
  @Test
  void isWhatTorchvisionFindsForLargeBoxes() {
    assertThat(stayingOfLarge(.3))
        .containsExactly(
            0, 1, 2, 3, 4, 5, 6, 7, 9, 11, 12, 16, 20, 21, 23, 31, 33, 34, 39, 40, 41, 44, 45, 52,
            55, 65, 66, 69, 74, 80, 87, 95, 107, 120, 121, 123, 130, 146, 196);
    assertThat(stayingOfLarge(.7))
        .hasSize(178)
        .doesNotContain(
            35, 97, 101, 115, 116, 119, 138, 144, 151, 152, 160, 163, 166, 169, 171, 173, 175, 180,
            184, 185, 186, 199);
  }

  /** The definition: all pairs, worse boxes of a class marked by better ones that are not. */
  private static List<Integer> staying(float[] boxes, int[] labels, double most) {
    boolean[] gone = new boolean[labels.length];
    List<Integer> staying = new ArrayList<>();
    for (int i = 0; i < labels.length; i++) {
      if (gone[i]) {
        continue;
      }
      staying.add(i);
      for (int j = i + 1; j < labels.length; j++) {
        gone[j] |= labels[i] == labels[j] && overlap(boxes, i, j) > most;
      }
    }
    return staying;
  }

  private static double overlap(float[] boxes, int i, int j) {
    double[] longer = new double[8];
    for (int at = 0; at < 4; at++) {
      longer[at] = boxes[4 * i + at] + (at < 2 ? 0. : 1.);
      longer[4 + at] = boxes[4 * j + at] + (at < 2 ? 0. : 1.);
    }
    double both =
        Math.max(0, Math.min(longer[2], longer[6]) - Math.max(longer[0], longer[4]))
            * Math.max(0, Math.min(longer[3], longer[7]) - Math.max(longer[1], longer[5]));
    double one = (longer[2] - longer[0]) * (longer[3] - longer[1]);
    double other = (longer[6] - longer[4]) * (longer[7] - longer[5]);
    return both / (one + other - both);
  }

  @Test
  void isWhatTheDefinitionSays() {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      int count = random.nextInt(120);
      float[] boxes = RandomBoxes.of(random, count, 40, 1 + seed % 5);
      int classes = 1 + seed % 7;
      int[] labels = random.ints(count, 0, classes).toArray();
      double most = (seed % 11) / 10.;
      NonMaximumSuppression suppression = new NonMaximumSuppression(classes, count, most);
      List<Integer> staying = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        if (suppression.add(Arrays.copyOfRange(boxes, 4 * i, 4 * i + 4), labels[i])) {
          staying.add(i);
        }
      }
      assertThat(staying).as("seed %d", seed).isEqualTo(staying(boxes, labels, most));
      assertThat(suppression.count()).isEqualTo(staying.size());
    }
  }
}
