package io.dropblock.spark.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.metric.coco.FoundObjects;
import io.dropblock.metric.coco.TrueObjects;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DetectionMatchTest {
  private static final double[] SQUARE = {0, 0, 10, 10};

  private static TrueObjects truth(boolean crowd, int category, double... boxes) {
    int count = boxes.length / 4;
    boolean[] crowds = new boolean[count];
    int[] categories = new int[count];
    for (int i = 0; i < count; i++) {
      crowds[i] = crowd;
      categories[i] = category;
    }
    return new TrueObjects(boxes, new double[count], crowds, categories);
  }

  private static FoundObjects found(double score, int category, double... boxes) {
    int count = boxes.length / 4;
    double[] scores = new double[count];
    int[] categories = new int[count];
    for (int i = 0; i < count; i++) {
      scores[i] = score - i * .01;
      categories[i] = category;
    }
    return new FoundObjects(boxes, scores, categories);
  }

  @Test
  void anObjectIsFoundOnceByItsClassAndAtHalfTheUnion() {
    TrueObjects one = truth(false, 1, SQUARE);
    assertThat(DetectionMatch.of(one, found(.9, 1, 0, 0, 10, 5)))
        .isEqualTo(new DetectionMatch(1, 0, 0));
    assertThat(DetectionMatch.of(one, found(.9, 1, 0, 0, 10, 4.9)))
        .isEqualTo(new DetectionMatch(0, 1, 1));
    assertThat(DetectionMatch.of(one, found(.9, 0, SQUARE))).isEqualTo(new DetectionMatch(0, 1, 1));
    assertThat(DetectionMatch.of(one, found(.9, 1, 0, 0, 10, 10, 0, 0, 10, 10)))
        .isEqualTo(new DetectionMatch(1, 0, 1));
    assertThat(DetectionMatch.of(one, found(.399, 1, SQUARE)))
        .isEqualTo(new DetectionMatch(0, 1, 0));
  }

  @Test
  void aCrowdIsNothingToFindAndWhatLiesInItIsNotWrong() {
    TrueObjects crowd = truth(true, 1, SQUARE);
    assertThat(DetectionMatch.of(crowd, found(.9, 1, 0, 0, 2, 2, 9, 0, 2, 2, 10, 0, 2, 2)))
        .isEqualTo(new DetectionMatch(0, 0, 1));
    assertThat(DetectionMatch.of(crowd, found(.9, 0, 0, 0, 2, 2)).wrong()).isEqualTo(1);
  }

  @Test
  void nothingFoundWhereNothingIsIsRight() {
    assertThat(DetectionMatch.of(truth(false, 1), found(.9, 1)).f1()).isEqualTo(1);
    assertThat(new DetectionMatch(3, 1, 2).f1()).isCloseTo(6 / 9.0, within(1e-12));
  }

  /** The definition, box by box in whole pixels: all pairs are listed and taken off the list. */
  @Test
  void equalsTheDefinition() {
    Random random = new Random(1);
    int several = 0;
    for (int round = 0; round < 300; round++) {
      double[] objects = boxes(random, random.nextInt(6));
      double[] detections = boxes(random, random.nextInt(8));
      TrueObjects truth = truth(false, 0, objects);
      FoundObjects found = found(.9, 0, detections);
      DetectionMatch expected = defined(objects, detections);
      assertThat(DetectionMatch.of(truth, found)).isEqualTo(expected);
      several += expected.found() > 1 ? 1 : 0;
    }
    assertThat(several).isGreaterThan(20);
  }

  private static double[] boxes(Random random, int count) {
    double[] boxes = new double[4 * count];
    for (int i = 0; i < boxes.length; i++) {
      boxes[i] = i % 4 < 2 ? random.nextInt(4) : 3 + random.nextInt(3);
    }
    return boxes;
  }

  private static DetectionMatch defined(double[] objects, double[] detections) {
    List<Integer> left = new ArrayList<>();
    for (int j = 0; j < objects.length / 4; j++) {
      left.add(j);
    }
    int found = 0;
    for (int i = 0; i < detections.length / 4; i++) {
      int one = i;
      Integer best =
          left.stream()
              .filter(j -> overlap(detections, one, objects, j) >= .5)
              .reduce(
                  (a, b) ->
                      overlap(detections, one, objects, b) > overlap(detections, one, objects, a)
                          ? b
                          : a)
              .orElse(null);
      if (best != null) {
        left.remove(best);
        found++;
      }
    }
    return new DetectionMatch(found, left.size(), detections.length / 4 - found);
  }

  /** Pixels of both by pixels of either. */
  private static double overlap(double[] a, int i, double[] b, int j) {
    int both = 0;
    int either = 0;
    for (int x = 0; x < 20; x++) {
      for (int y = 0; y < 20; y++) {
        boolean inA = isIn(a, i, x, y);
        boolean inB = isIn(b, j, x, y);
        both += inA && inB ? 1 : 0;
        either += inA || inB ? 1 : 0;
      }
    }
    return (double) both / either;
  }

  private static boolean isIn(double[] boxes, int i, int x, int y) {
    return x >= boxes[4 * i]
        && x < boxes[4 * i] + boxes[4 * i + 2]
        && y >= boxes[4 * i + 1]
        && y < boxes[4 * i + 1] + boxes[4 * i + 3];
  }
}
