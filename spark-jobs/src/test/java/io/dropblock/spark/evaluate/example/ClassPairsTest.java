package io.dropblock.spark.evaluate.example;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.metric.Scores.Score;
import io.dropblock.metric.TopKAccuracy;
import io.dropblock.metric.TopKByClass;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;

class ClassPairsTest {
  private static final int CLASSES = 7;

  /** The last class has no image, two have one name. */
  @Test
  void countsWhatTheMatrixCounts() {
    List<String> names = List.of("a", "b", "b", "c", "d", "e", "f");
    TopKByClass matrix = new TopKByClass(names, new TopKAccuracy(1));
    ClassPairs one = new ClassPairs();
    ClassPairs other = new ClassPairs();
    Random random = new Random(5);
    for (int i = 0; i < 200; i++) {
      int truth = random.nextInt(CLASSES - 1);
      int said = random.nextInt(3) == 0 ? random.nextInt(CLASSES) : truth;
      float[][] row = new float[1][CLASSES];
      row[0][said] = 1;
      matrix.add(Nd4j.createFromArray(row), new int[] {truth});
      (i < 70 ? one : other).add(truth, said);
    }
    one.merge(other);
    for (int truth = 0; truth < CLASSES; truth++) {
      for (int said = 0; said < CLASSES; said++) {
        assertThat(one.count(truth, said)).isEqualTo(matrix.confusion().count(truth, said));
        assertThat(ClassPairs.of(matrix.confusion()).count(truth, said))
            .isEqualTo(one.count(truth, said));
      }
    }
    List<Score> expected =
        matrix.scores().details().stream().filter(it -> it.name().startsWith("accuracy ")).toList();
    assertThat(one.accuracies(names)).isEqualTo(expected).hasSize(CLASSES);
  }

  @Test
  void theMostConfusedComeFirstAndThenTheLowerNumbers() {
    ClassPairs pairs = new ClassPairs();
    for (int[] pair : new int[][] {{999, 3}, {0, 1}, {999, 3}, {0, 0}, {0, 0}, {0, 0}, {1, 0}}) {
      pairs.add(pair[0], pair[1]);
    }
    assertThat(pairs.mostConfused(2))
        .containsExactly(new ClassPairs.Pair(999, 3, 2), new ClassPairs.Pair(0, 1, 1));
    assertThat(pairs.mostConfused(9)).hasSize(3);
  }
}
