package io.dropblock.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.metric.Scores.Score;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MeanIoUTest {
  private static final List<String> CLASSES =
      List.of("background", "bird", "boat", "bus", "car", "cat", "cow", "dog");
  private static final int PIXELS = 5000;

  private static int number(int i, int times, int plus, int below) {
    return (int) (((long) i * times + plus) % 104729 % below);
  }

  /** Without a cat; cows are only predicted. */
  private static byte[] truth(int seed) {
    byte[] truth = new byte[PIXELS];
    for (int i = 0; i < PIXELS; i++) {
      int label = number(i, 7919 + 2 * seed, 13, 8);
      label = label == 5 ? 3 : label == 6 ? 0 : label;
      truth[i] = (byte) (number(i, 211, seed, 19) == 0 ? 255 : label);
    }
    return truth;
  }

  private static byte[] predicted(int seed) {
    byte[] predicted = new byte[PIXELS];
    for (int i = 0; i < PIXELS; i++) {
      boolean right = number(i, 6007, seed, 10) < 6;
      int label = right ? number(i, 7919 + 2 * seed, 13, 8) : number(i, 3571, 5 + seed, 7);
      predicted[i] = (byte) (label == 5 ? 2 : label);
    }
    return predicted;
  }

  private static MeanIoU metric(int seed) {
    return new MeanIoU(CLASSES).add(truth(seed), predicted(seed));
  }

  private static double iou(Scores scores, String name) {
    return scores.value("IoU " + name).orElseThrow();
  }

  /**
   * By NumPy 1.24.2: {@code m = bincount(truth * 8 + predicted).reshape(8, 8)} without void, {@code
   * diag(m) / (m.sum(0) + m.sum(1) - diag(m))}, {@code nanmean} of it, {@code diag(m).sum() /
   * m.sum()}.
   */
  @ParameterizedTest
  @CsvSource({
    "0, 0.35529205842547246, 0.5105574324324325, 0.29632299927901945, 0.6241496598639455",
    "1, 0.3479635726817748, 0.5050675675675675, 0.3007953723788865, 0.6060606060606061",
    "2, 0.3501915123178398, 0.5072800168811986, 0.302158273381295, 0.6100840336134454"
  })
  void isWhatNumpyFinds(int seed, double mean, double accuracy, double background, double dog) {
    Scores scores = metric(seed).scores();
    assertThat(scores.primary().name()).isEqualTo("mIoU");
    assertThat(scores.primary().value()).isCloseTo(mean, within(1e-12));
    assertThat(scores.main().get(1)).isEqualTo(new Score("pixel accuracy", accuracy));
    assertThat(scores.details())
        .extracting(Score::name)
        .containsExactlyElementsOf(CLASSES.stream().map(name -> "IoU " + name).toList());
    assertThat(iou(scores, "background")).isCloseTo(background, within(1e-12));
    assertThat(iou(scores, "dog")).isCloseTo(dog, within(1e-12));
  }

  @Test
  void leavesOutAnAbsentClassAndNamesIt() {
    Scores scores = metric(1).scores();
    assertThat(iou(scores, "cat")).isNaN();
    assertThat(iou(scores, "cow")).isZero();
    assertThat(scores.notes())
        .containsExactly("not in the mean, since no pixel is or was taken for it: cat");
    double sum =
        scores.details().stream()
            .mapToDouble(Score::value)
            .filter(value -> !Double.isNaN(value))
            .sum();
    assertThat(scores.primary().value()).isCloseTo(sum / 7, within(1e-12));
    assertThat(metric(1).add(new byte[] {5}, new byte[] {0}).scores().notes()).isEmpty();
  }

  /** The example of TensorFlow's MeanIoU: one third, by all pixels and not the mean of images. */
  @Test
  void isOfAllImagesTogether() {
    MeanIoU metric =
        new MeanIoU(List.of("a", "b"))
            .add(new byte[] {0, 0, 1}, new byte[] {0, 1, 0})
            .add(new byte[] {1}, new byte[] {1});
    assertThat(metric.scores().primary().value()).isCloseTo(1 / 3., within(1e-15));
    assertThat(metric.scores().main().get(1).value()).isEqualTo(.5);
  }

  @Test
  void mergesToTheSameAsOneWhole() throws Exception {
    Scores whole =
        new MeanIoU(CLASSES)
            .add(truth(0), predicted(0))
            .add(truth(1), predicted(1))
            .add(truth(2), predicted(2))
            .scores();
    assertThat(metric(0).merge(metric(1)).merge(metric(2)).scores()).isEqualTo(whole);
    assertThat(metric(2).merge(metric(0).merge(copy(metric(1)))).scores()).isEqualTo(whole);
    assertThatThrownBy(() -> metric(0).merge(new MeanIoU(CLASSES.subList(0, 2))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot merge mean IoU: of [background, bird,");
  }

  private static MeanIoU copy(MeanIoU metric) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(metric);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return (MeanIoU) in.readObject();
    }
  }

  @Test
  void isNotANumberIfAnOutputIsNotFinite() {
    Scores scores = metric(0).merge(new MeanIoU(CLASSES).addNotFinite()).scores();
    assertThat(scores.main()).extracting(Score::value).containsExactly(Double.NaN, Double.NaN);
    assertThat(scores.details()).extracting(Score::value).containsOnly(Double.NaN);
    assertThat(scores.notes()).containsExactly("images whose outputs are not finite: 1");
    assertThat(new MeanIoU(CLASSES).addNotFinite().scores().primary().value()).isNaN();
    assertThat(metric(0).merge(new MeanIoU(CLASSES)).scores().primary().value()).isPositive();
  }

  @Test
  void refusesWhatDoesNotFit() {
    List<String> two = List.of("a", "b");
    assertThatThrownBy(() -> new MeanIoU(two).add(new byte[] {2}, new byte[] {0}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot count class 2 as class 0: there are 2 classes");
    assertThatThrownBy(() -> new MeanIoU(two).add(new byte[] {0}, new byte[] {(byte) 255}))
        .hasMessage("Cannot count class 0 as class 255: there are 2 classes");
    assertThatThrownBy(() -> new MeanIoU(two).add(new byte[2], new byte[3]))
        .hasMessage("Cannot compare 2 labels with 3 predicted ones");
    assertThatThrownBy(() -> new MeanIoU(List.of()))
        .hasMessage("Invalid classes: 0 are not 1 to 255");
    assertThatThrownBy(() -> new MeanIoU(List.of("a", "a")))
        .hasMessage("Invalid classes: two have the same name");
    assertThatThrownBy(() -> new MeanIoU(two).scores()).isInstanceOf(IllegalStateException.class);
    MeanIoU empty = new MeanIoU(two).add(new byte[] {(byte) 255}, new byte[] {0});
    assertThatThrownBy(empty::scores)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cannot compute mean IoU: no pixel of a class was added");
  }

  @Test
  void tellsWhichClassWasTakenForWhich() {
    byte[] truth = {0, 0, 1, (byte) 255};
    byte[] predicted = {0, 1, 1, 0};
    MeanIoU metric = new MeanIoU(List.of("sky", "sea")).add(truth, predicted);
    assertThat(metric.classes()).containsExactly("sky", "sea");
    assertThat(metric.confusion().count(0, 1)).isEqualTo(1);
    assertThat(metric.confusion().count(1, 0)).as("void pixels are none").isZero();
  }
}
