package io.dropblock.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;

class TopKAccuracyTest {

  @Test
  void countsTheTrueClassAmongTheBest() {
    Scores result =
        new TopKAccuracy(1, 2)
            .add(new float[] {.7f, .2f, .1f}, 0)
            .add(new float[] {.7f, .2f, .1f}, 1)
            .add(new float[] {.7f, .2f, .1f}, 2)
            .add(new float[] {.1f, .1f, .8f}, 2)
            .scores();
    assertThat(share(result, "top-1")).isEqualTo(2 / 4.);
    assertThat(share(result, "top-2")).isEqualTo(3 / 4.);
    assertThat(share(result, "cross entropy"))
        .isCloseTo(-(Math.log(.7) + Math.log(.2) + Math.log(.1) + Math.log(.8)) / 4, within(1e-7));
  }

  @Test
  void isAlwaysRightWhenKReachesTheNumberOfClasses() {
    Scores result = new TopKAccuracy(1, 5).add(new float[] {.9f, .1f}, 1).scores();
    assertThat(share(result, "top-5")).isOne();
    assertThat(share(result, "top-1")).isZero();
  }

  @Test
  void ranksTiesInFavourOfTheNetwork() {
    assertThat(new TopKAccuracy(1).add(new float[] {.5f, .5f}, 1).scores().primary().value())
        .isOne();
  }

  @Test
  void isNotANumberWhereAnOutputIsNone() {
    TopKAccuracy accuracy = new TopKAccuracy(1, 5);
    accuracy.add(new float[] {.9f, .1f}, 0).add(new float[] {.9f, Float.NaN}, 1);
    assertThat(accuracy.scores().main()).extracting(Scores.Score::value).containsOnly(Double.NaN);
    assertThat(share(accuracy.scores(), "cross entropy")).isNaN();
  }

  @Test
  void boundsTheCrossEntropyOfAnImpossibleClass() {
    double loss = share(new TopKAccuracy(1).add(new float[] {1, 0}, 1).scores(), "cross entropy");
    assertThat(loss).isCloseTo(-Math.log(1e-10), within(1e-9));
  }

  @Test
  void readsABatchInAnyLayout() {
    var scores = Nd4j.createFromArray(new float[][] {{.6f, .3f, .1f}, {.2f, .3f, .5f}});
    int[] labels = {0, 1};
    Scores expected =
        new TopKAccuracy(1)
            .add(new float[] {.6f, .3f, .1f}, 0)
            .add(new float[] {.2f, .3f, .5f}, 1)
            .scores();
    assertThat(new TopKAccuracy(1).add(scores, labels).scores()).isEqualTo(expected);
    assertThat(new TopKAccuracy(1).add(scores.dup('f'), labels).scores()).isEqualTo(expected);
    assertThat(new TopKAccuracy(1).add(scores.transpose().dup().transpose(), labels).scores())
        .isEqualTo(expected);
  }

  @Test
  void mergesInAnyOrder() {
    Scores whole = random(1).merge(random(2)).merge(random(3)).scores();
    assertSame(whole, random(1).merge(random(2).merge(random(3))).scores());
    assertSame(whole, random(3).merge(random(1)).merge(random(2)).scores());
    assertSame(
        whole, new TopKAccuracy(1, 5).merge(random(2)).merge(random(3)).merge(random(1)).scores());
    assertThat(share(whole, "top-5")).isBetween(.4, .6);
  }

  @Test
  void travelsBetweenPartitions() throws Exception {
    TopKAccuracy sent = random(4);
    var bytes = new ByteArrayOutputStream();
    try (var out = new ObjectOutputStream(bytes)) {
      out.writeObject(sent);
    }
    try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertThat(((TopKAccuracy) in.readObject()).scores()).isEqualTo(sent.scores());
    }
  }

  @Test
  void refusesWhatItCannotCount() {
    TopKAccuracy accuracy = new TopKAccuracy(5, 1);
    assertThatThrownBy(accuracy::scores)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cannot compute accuracy: no example was added");
    assertThatThrownBy(() -> accuracy.add(new float[5], 7))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot score label 7: there are 5 classes");
    assertThatThrownBy(() -> accuracy.add(Nd4j.zeros(2, 5), new int[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot score 3 labels: scores have shape [2, 5]");
    assertThatThrownBy(() -> accuracy.merge(new TopKAccuracy(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot merge accuracies: top-[1, 5] and top-[1]");
    assertThatThrownBy(() -> new TopKAccuracy(0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid k: [0, 1] are not different numbers of at least 1");
  }

  private static double share(Scores scores, String name) {
    return scores.value(name).orElseThrow();
  }

  private static void assertSame(Scores expected, Scores actual) {
    assertThat(actual.main()).isEqualTo(expected.main());
    // Sums of doubles depend on their order in the last digits.
    assertThat(share(actual, "cross entropy"))
        .isCloseTo(share(expected, "cross entropy"), within(1e-12));
  }

  private static TopKAccuracy random(long seed) {
    Random random = new Random(seed);
    TopKAccuracy accuracy = new TopKAccuracy(1, 5);
    for (int example = 0; example < 100; example++) {
      float[] scores = new float[10];
      for (int i = 0; i < scores.length; i++) {
        scores[i] = random.nextFloat();
      }
      accuracy.add(scores, random.nextInt(10));
    }
    return accuracy;
  }
}
