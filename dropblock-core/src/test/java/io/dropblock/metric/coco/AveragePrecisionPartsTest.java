package io.dropblock.metric.coco;

import static io.dropblock.metric.coco.TestObjects.found;
import static io.dropblock.metric.coco.TestObjects.object;
import static io.dropblock.metric.coco.TestObjects.randomFound;
import static io.dropblock.metric.coco.TestObjects.randomTruth;
import static io.dropblock.metric.coco.TestObjects.truth;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.metric.Scores;
import io.dropblock.metric.Scores.Score;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is added where, and what is refused. */
class AveragePrecisionPartsTest {
  private static final int IMAGES = 40;

  private static AveragePrecision metric() {
    return new AveragePrecision(List.of("cat", "dog"));
  }

  private static void add(AveragePrecision metric, int image) {
    Random random = new Random(image);
    metric.add(
        image, randomTruth(random, random.nextInt(12)), randomFound(random, random.nextInt(40)));
  }

  private static byte[] bytes(AveragePrecision metric) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(metric);
    }
    return bytes.toByteArray();
  }

  private static AveragePrecision copy(AveragePrecision metric) throws Exception {
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes(metric)))) {
      return (AveragePrecision) in.readObject();
    }
  }

  @Test
  void anyPartsInAnyOrderGiveTheSameBits() throws Exception {
    AveragePrecision whole = metric();
    for (int image = 0; image < IMAGES; image++) {
      add(whole, image);
    }
    Scores expected = whole.scores();
    assertThat(expected.primary().value()).isBetween(.01, .9);
    for (int seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      List<AveragePrecision> parts = new ArrayList<>();
      for (int part = 0; part <= seed % 5; part++) {
        parts.add(metric());
      }
      List<Integer> images = new ArrayList<>();
      for (int image = 0; image < IMAGES; image++) {
        images.add(image);
      }
      Collections.shuffle(images, random);
      for (int image : images) {
        add(parts.get(random.nextInt(parts.size())), image);
      }
      AveragePrecision merged = copy(parts.get(0));
      for (AveragePrecision part : parts.subList(1, parts.size())) {
        merged.merge(copy(part));
      }
      assertThat(merged.scores()).isEqualTo(expected);
    }
  }

  /** A copy goes on as if it were the first. */
  @Test
  void aCopyCanBeAddedTo() throws Exception {
    AveragePrecision copied = copy(metric());
    AveragePrecision straight = metric();
    for (int image = 0; image < IMAGES; image++) {
      add(copied, image);
      copied = copy(copied);
      add(straight, image);
    }
    assertThat(copied.scores()).isEqualTo(straight.scores());
  }

  @Test
  void aPartIsSmall() throws IOException {
    AveragePrecision metric = metric();
    Random random = new Random(1);
    for (int image = 0; image < 1000; image++) {
      metric.add(image, randomTruth(random, 5), randomFound(random, 50));
    }
    assertThat(bytes(metric).length).isLessThan(50_000 * 24 + 1000 * (8 + 2 * 12) + 2000);
  }

  @Test
  void anImageIsAddedOnce() {
    AveragePrecision metric = metric();
    for (int image : new int[] {3, 9, 5, 4}) {
      add(metric, image);
    }
    assertThatThrownBy(() -> add(metric, 5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot add image 5: it was added already");
    AveragePrecision other = metric();
    add(other, 1);
    add(other, 4);
    assertThatThrownBy(() -> metric.merge(other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot add image 4: it was added already");
  }

  @Test
  void keepsWhatWasFoundIfAsked() throws Exception {
    FoundObjects first = found(new double[] {1, .5, 1, 2, 3, 4});
    AveragePrecision metric = metric().keepingFound().add(9, truth(), found());
    metric.merge(copy(metric().keepingFound().add(2, truth(), first).addNotFinite()));
    assertThat(metric.found().keySet()).containsExactly(2L, 9L);
    assertThat(metric.found().get(2L).boxes()).containsExactly(1, 2, 3, 4);
    assertThat(metric.found().get(2L).scores()).containsExactly(.5);
    assertThat(metric.found().get(2L).categories()).containsExactly(1);
    assertThat(metric.found().get(9L).size()).isZero();
    assertThatThrownBy(() -> metric().found())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cannot give what was found: it was not kept");
    assertThatThrownBy(() -> metric.merge(metric()))
        .hasMessage("Cannot merge average precision: only one part keeps what was found");
  }

  @Test
  void isNotANumberIfAnOutputIsNotFinite() {
    AveragePrecision broken = metric();
    add(broken, 1);
    Scores scores = broken.merge(metric().addNotFinite()).scores();
    assertThat(scores.main()).extracting(Score::value).containsOnly(Double.NaN);
    assertThat(scores.details()).extracting(Score::value).containsOnly(Double.NaN);
    assertThat(scores.notes()).containsExactly("images whose outputs are not finite: 1");
    assertThat(metric().addNotFinite().scores().primary().value()).isNaN();
  }

  @Test
  void hasNoScoresWithoutAnObject() {
    assertThatThrownBy(() -> metric().scores())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cannot compute average precision: no image was added");
    AveragePrecision nothing =
        metric()
            .add(1, truth(TestObjects.crowd(0, 0, 0, 9, 9)), found(new double[] {0, 1, 0, 0, 9, 9}))
            .add(2, truth(object(0, 0, 0, 1e5, 1e5 + 1)), found());
    assertThat(nothing.hasObjects()).isFalse();
    assertThatThrownBy(nothing::scores)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cannot compute average precision: the images have no object to find");
    assertThat(nothing.add(3, truth(object(1, 0, 0, 9, 9)), found()).scores().primary().value())
        .isZero();
  }

  @Test
  void refusesWhatDoesNotFit() {
    assertThatThrownBy(() -> metric().add(4, truth(object(2, 0, 0, 9, 9)), found()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot add image 4: a true object is of category 2, there are 2");
    assertThatThrownBy(() -> metric().add(4, truth(), found(new double[] {3, .5, 0, 0, 9, 9})))
        .hasMessage("Cannot add image 4: a found object is of category 3, there are 2");
    assertThatThrownBy(() -> metric().merge(new AveragePrecision(List.of("cat"))))
        .hasMessage("Cannot merge average precision: of [cat, dog] and [cat]");
    assertThatThrownBy(() -> new AveragePrecision(List.of("a", "a")))
        .hasMessage("Invalid categories: two have the same name");
    assertThatThrownBy(() -> new AveragePrecision(List.of()))
        .hasMessage("Invalid categories: there is none");
  }
}
