package io.dropblock.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.metric.Scores.Score;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;

class TopKByClassTest {
  private static final List<String> CLASSES = List.of("cat", "dog", "owl", "yak");

  @Test
  void countsWhichClassWasTakenForWhich() {
    TopKByClass metric =
        metric(CLASSES)
            .add(
                Nd4j.create(
                    new float[][] {{.7f, .1f, .1f, .1f}, {.1f, .7f, .1f, .1f}, {0, 0, 1, 0}}),
                new int[] {0, 0, 2});
    TopKByClass other =
        metric(CLASSES).add(Nd4j.create(new float[][] {{.1f, .1f, .7f, .1f}}), new int[] {1});
    Scores scores = metric.merge(other).scores();
    assertThat(scores.main()).containsExactly(new Score("top-1", .5));
    assertThat(scores.details().subList(1, 5))
        .containsExactly(
            new Score("accuracy cat", .5),
            new Score("accuracy dog", 0),
            new Score("accuracy owl", 1),
            new Score("accuracy yak", Double.NaN));
    assertThat(scores.notes()).containsExactly("without an image: yak");
    assertThat(metric.classes()).isEqualTo(CLASSES);
    assertThat(metric.confusion().classes()).isEqualTo(4);
    assertThat(metric.confusion().count(0, 0)).isEqualTo(1);
    assertThat(metric.confusion().count(0, 1)).isEqualTo(1);
    assertThat(metric.confusion().count(1, 2)).isEqualTo(1);
    assertThat(metric.confusion().count(2, 1)).isZero();
  }

  @Test
  void anOutputThatIsNotFiniteIsNoClass() {
    TopKByClass metric =
        metric(CLASSES).add(Nd4j.create(new float[][] {{1, Float.NaN, 0, 0}}), new int[] {1});
    assertThat(metric.scores().primary().value()).isNaN();
    assertThat(metric.confusion().total()).isZero();
  }

  /** As two of ImageNet's are. */
  @Test
  void classesOfOneNameAreToldApart() {
    Scores scores =
        metric(List.of("crane", "crane"))
            .add(Nd4j.create(new float[][] {{1, 0}}), new int[] {0})
            .scores();
    assertThat(scores.value("accuracy crane (class 0)")).hasValue(1.0);
  }

  @Test
  void refusesThePartOfOtherClasses() {
    assertThatThrownBy(() -> metric(CLASSES).merge(metric(List.of("a", "b"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot merge accuracies of classes: of [cat, dog, owl, yak] and");
  }

  private static TopKByClass metric(List<String> classes) {
    return new TopKByClass(classes, new TopKAccuracy(1));
  }
}
