package io.dropblock.metric.coco;

import static io.dropblock.metric.coco.TestObjects.crowd;
import static io.dropblock.metric.coco.TestObjects.found;
import static io.dropblock.metric.coco.TestObjects.object;
import static io.dropblock.metric.coco.TestObjects.truth;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.metric.Scores;
import io.dropblock.metric.Scores.Score;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** By hand; spark-jobs has the comparison with pycocotools. */
class AveragePrecisionTest {
  private static AveragePrecision metric() {
    return new AveragePrecision(List.of("cat", "dog"));
  }

  private static double value(AveragePrecision metric, String name) {
    return metric.scores().value(name).orElseThrow();
  }

  /**
   * Three cats. Image 1: nothing is where the surest detection is, the next is exact, and one cat
   * is not found. Image 2: the detection has an overlap of 0.77, which is enough for 6 of the 10
   * thresholds. With it precisions are 0, 1/2, 2/3 at recalls 0, 1/3, 2/3: 2/3 at the 67 recalls to
   * 0.66. Without it they are 0, 1/2, 1/3 at 0, 1/3, 1/3: 1/2 at the 34 recalls to 0.33.
   */
  @Test
  void isWhatCountingByHandGives() {
    AveragePrecision metric =
        metric()
            .add(
                1,
                truth(object(0, 0, 0, 10, 10), object(0, 20, 0, 10, 10)),
                found(new double[] {0, .9, 0, 0, 10, 10}, new double[] {0, .95, 50, 50, 10, 10}))
            .add(
                2,
                truth(object(0, 0, 0, 10, 10)),
                found(new double[] {0, .7, 0, 0, 10, 7.7}, new double[] {1, .9, 0, 0, 10, 10}));
    double with = 67 * 2 / 3. / 101;
    double without = 34 / 2. / 101;
    double mean = (6 * with + 4 * without) / 10;
    double recall = (6 * 2 / 3. + 4 / 3.) / 10;
    Scores scores = metric.scores();
    double[] expected = {
      mean, with, with, mean, -1, -1, 6 / 3. / 10, recall, recall, recall, -1, -1
    };
    assertThat(scores.main()).extracting(Score::name).containsExactly("AP", "AP50", "AP75");
    assertThat(scores.details())
        .extracting(Score::name)
        .containsExactly(
            "APs", "APm", "APl", "AR1", "AR10", "AR100", "ARs", "ARm", "ARl", "AP cat", "AP dog");
    List<Score> all = Stream.concat(scores.main().stream(), scores.details().stream()).toList();
    for (int i = 0; i < expected.length; i++) {
      double value = all.get(i).value();
      if (expected[i] < 0) {
        assertThat(value).isNaN();
      } else {
        assertThat(value).as(all.get(i).name()).isCloseTo(expected[i], within(1e-12));
      }
    }
    assertThat(all.get(12).value()).isCloseTo(mean, within(1e-12));
    assertThat(all.get(13).value()).isNaN();
    assertThat(scores.notes())
        .containsExactly(
            "not in the means, since no object is of it: dog",
            "no medium object to find: APm and ARm are undefined",
            "no large object to find: APl and ARl are undefined");
  }

  @Test
  void aCrowdIsTakenByManyAndCountsForNothing() {
    AveragePrecision metric =
        metric()
            .add(
                1,
                truth(crowd(0, 20, 0, 40, 40), object(0, 0, 0, 10, 10)),
                found(
                    new double[] {0, .9, 22, 2, 5, 5},
                    new double[] {0, .8, 30, 9, 5, 5},
                    // half of it lies in the crowd
                    new double[] {0, .7, 18, 2, 4, 4},
                    new double[] {0, .5, 0, 0, 10, 10}));
    assertThat(value(metric, "AP50")).isCloseTo(1, within(1e-12));
    assertThat(value(metric, "AP")).isCloseTo((1 + 9 * .5) / 10, within(1e-12));
    assertThat(value(metric, "AR100")).isEqualTo(1);
  }

  @Test
  void bothEndsBelongToARangeOfAreas() {
    AveragePrecision metric =
        metric()
            .add(1, truth(object(0, 0, 0, 32, 32)), found())
            .add(
                2,
                truth(object(0, 0, 0, 96, 96)),
                found(
                    new double[] {0, .9, 0, 0, 96, 96},
                    // Too small to be wrong where objects are large
                    new double[] {0, 1, 200, 200, 5, 5}));
    assertThat(value(metric, "ARs")).isZero();
    assertThat(value(metric, "ARm")).isEqualTo(.5);
    assertThat(value(metric, "ARl")).isEqualTo(1);
    assertThat(value(metric, "APl")).isCloseTo(1, within(1e-12));
    assertThat(value(metric, "AP")).isCloseTo(51 / 101. / 2, within(1e-12));
  }

  /** A detection takes an object that counts if there is one, though it lies better on another. */
  @Test
  void objectsThatCountAreTakenFirst() {
    AveragePrecision metric =
        metric()
            .add(
                1,
                truth(crowd(0, 0, 0, 10, 10), object(0, 0, 0, 10, 8.2)),
                found(new double[] {0, .9, 0, 0, 10, 10}));
    assertThat(value(metric, "AR100")).isEqualTo(.7);
  }

  /** The wrong one is of the lower image, and so comes first; -0 and 0 are one score. */
  @Test
  void tiesAreOrderedByImage() {
    AveragePrecision right =
        metric().add(7, truth(object(0, 0, 0, 9, 9)), found(new double[] {0, 0., 0, 0, 9, 9}));
    AveragePrecision wrong = metric().add(5, truth(), found(new double[] {0, -0., 0, 0, 9, 9}));
    assertThat(value(right.merge(wrong), "AP")).isCloseTo(.5, within(1e-12));
    right = metric().add(7, truth(object(0, 0, 0, 9, 9)), found(new double[] {0, .5, 0, 0, 9, 9}));
    wrong = metric().add(50, truth(), found(new double[] {0, .5, 0, 0, 9, 9}));
    assertThat(value(wrong.merge(right), "AP")).isCloseTo(1, within(1e-12));
  }

  @Test
  void theSurestHundredOfACategoryCount() {
    double[][] detections =
        IntStream.range(0, 101)
            .mapToObj(i -> new double[] {0, i == 100 ? .1 : .9, i == 100 ? 0 : 50, 0, 9, 9})
            .toArray(double[][]::new);
    assertThat(value(metric().add(1, truth(object(0, 0, 0, 9, 9)), found(detections)), "AR100"))
        .isZero();
    detections[0] = new double[] {1, .9, 50, 0, 9, 9};
    assertThat(value(metric().add(1, truth(object(0, 0, 0, 9, 9)), found(detections)), "AR100"))
        .isEqualTo(1);
  }
}
