package io.dropblock.spark.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.detection.AnchorSettings;
import io.dropblock.detection.AnchorSettings.Aspect;
import io.dropblock.detection.DetectionSettings;
import io.dropblock.metric.coco.AveragePrecision;
import io.dropblock.metric.coco.FoundObjects;
import io.dropblock.spark.data.annotation.Box;
import io.dropblock.spark.data.annotation.ImageObject;
import io.dropblock.spark.data.annotation.ObjectSet;
import io.dropblock.spark.data.feed.AnchorTargets;
import io.dropblock.spark.data.feed.ObjectTargets;
import io.dropblock.spark.data.image.Normalization;
import io.dropblock.spark.data.image.PlacedObjects;
import io.dropblock.spark.data.image.ShownPixels;
import io.dropblock.spark.objective.picture.Exhibit;
import io.dropblock.spark.objective.picture.Mark;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One square anchor of 8 pixels at each of the four positions of a square of 16, with 2 classes and
 * 3 outputs: dog is output 2, cat output 0, and output 1 is nobody's. Its box codes are 0, so that
 * the boxes are the anchors.
 */
class DetectionTest {
  private static final AnchorTargets TARGETS =
      new AnchorTargets(
          new AnchorSettings(1, 1, List.of(new Aspect(1, 1))), List.of(8), List.of(2, 0));
  private static final Detection OBJECTIVE = objective(0, 10);
  private static final float NOTHING = -20;

  private static Detection objective(double least, int most) {
    return new Detection(
        List.of("dog", "cat"), TARGETS, 16, 3, new DetectionSettings(100, .5, least, most));
  }

  /** A stored image of 32 x 24 pixels, which covers the upper 12 rows of the square. */
  private static PlacedObjects wide(long id) {
    return new PlacedObjects(id, 32, 24, .5, .5, new float[0], new int[0]);
  }

  private static ObjectTargets targets(ObjectSet... truth) {
    return new ObjectTargets(
        List.of(truth).stream().map(set -> wide(set.imageId())).toList(),
        List.of(truth),
        List.of());
  }

  private static ObjectSet truth(long id, ImageObject... objects) {
    return new ObjectSet(id, List.of(objects));
  }

  private static ImageObject object(int label, double x, double y, double width, double height) {
    return new ImageObject(1, label, new Box(x, y, width, height), width * height, false, null);
  }

  /**
   * @param logits of 4 positions by 3 outputs an image
   */
  private static INDArray[] outputs(float[]... logits) {
    INDArray all = Nd4j.create(logits.length, 4, 3);
    for (int image = 0; image < logits.length; image++) {
      all.slice(image).assign(Nd4j.createFromArray(logits[image]).reshape(4, 3));
    }
    return new INDArray[] {all, Nd4j.zeros(logits.length, 4, 4)};
  }

  /** Logits that find one output at one position. */
  private static float[] one(int position, int output, float logit) {
    float[] logits = new float[12];
    Arrays.fill(logits, NOTHING);
    logits[3 * position + output] = logit;
    return logits;
  }

  @Test
  void boxesAreThoseOfTheStoredImage() {
    // right below: 8 to 16 in both directions, of which the image covers rows 8 to 12
    FoundObjects found =
        objective(.1, 10).found(outputs(one(3, 2, 1)), targets(truth(7))).get(0).orElseThrow();
    assertThat(found.boxes()).containsExactly(new double[] {16, 16, 16, 8}, within(1e-5));
    assertThat(found.categories()).containsExactly(0);
    assertThat(found.scores()).containsExactly(new double[] {1 / (1 + Math.exp(-1))}, within(1e-6));
  }

  @Test
  void outputsOfNoClassAreLeftOut() {
    float[] logits = one(0, 1, 5);
    logits[3] = 2;
    FoundObjects found =
        objective(.1, 10).found(outputs(logits), targets(truth(7))).get(0).orElseThrow();
    assertThat(found.categories()).containsExactly(1);
    assertThat(found.boxes()).containsExactly(new double[] {16, 0, 16, 16}, within(1e-5));
  }

  @Test
  void onlyTheBestAreDetections() {
    float[] logits = one(0, 0, 3);
    logits[3 + 2] = 2;
    assertThat(
            objective(0, 1).found(outputs(logits), targets(truth(7))).get(0).orElseThrow().scores())
        .hasSize(1);
    assertThat(
            objective(.9, 10)
                .found(outputs(logits), targets(truth(7)))
                .get(0)
                .orElseThrow()
                .categories())
        .containsExactly(1);
  }

  /**
   * The first image is right, the second takes a cat for a dog. Where no score is too low the cat
   * is found, too, behind four of the first image and one of its own.
   */
  @Test
  void measuresWhatWasFound() {
    AveragePrecision metric = measured(objective(.1, 10));
    assertThat(metric.scores().value("AP dog").orElseThrow()).isCloseTo(1, within(1e-12));
    assertThat(metric.scores().value("AP cat").orElseThrow()).isCloseTo(0, within(1e-12));
    assertThat(metric.scores().primary().value()).isCloseTo(.5, within(1e-12));
    assertThat(measured(objective(0, 100)).scores().value("AP cat").orElseThrow())
        .isCloseTo(1 / 6.0, within(1e-12));
  }

  /** As above; boxes on the pictures are shares of what the image covers of its square. */
  @Test
  void tellsOfEachImageHowManyAreFound() {
    ObjectSet dog = truth(1, object(0, 0, 0, 16, 16));
    ObjectSet cat = truth(2, object(1, 16, 0, 16, 16));
    PlacedObjects first =
        new PlacedObjects(1, 32, 24, .5, .5, new float[] {0, 0, 6, 16}, new int[] {1});
    ObjectTargets batch = new ObjectTargets(List.of(first, wide(2)), List.of(dog, cat), List.of());
    Detection objective = objective(.1, 10);
    Answers answers = objective.add(objective.metric(), outputs(one(0, 2, 3), one(1, 2, 1)), batch);
    assertThat(answers.loss(0)).isZero();
    assertThat(answers.isRight(0)).isTrue();
    assertThat(answers.loss(1)).isEqualTo(1);
    FloatBuffer pixels = buffer(2 * 3 * 16 * 16);
    Exhibit exhibit =
        answers.exhibit(0, new ShownPixels(pixels, Normalization.NONE, 16), List.of("dog", "cat"));
    assertThat(exhibit.name()).isEqualTo("image 1");
    assertThat(exhibit.caption()).containsExactly("F1 1.00: 1 found, 0 missed, 0 wrong");
    assertThat(exhibit.panels().get(0).tile().height()).isEqualTo(12);
    assertThat(exhibit.panels().get(0).marks()).containsExactly(new Mark(0, 0, .5f, 1, 1, "cat"));
    assertThat(exhibit.panels().get(1).marks())
        .containsExactly(new Mark(0, 0, 8 / 12f, .5f, 0, "dog 0.95"));
    assertThat(exhibit.panels().get(1).tile()).isSameAs(exhibit.panels().get(0).tile());
  }

  private static AveragePrecision measured(Detection objective) {
    AveragePrecision metric = objective.metric();
    objective.add(
        metric,
        outputs(one(0, 2, 3), one(1, 2, 1)),
        targets(truth(1, object(0, 0, 0, 16, 16)), truth(2, object(1, 16, 0, 16, 16))));
    return metric;
  }

  /** A crowd is nothing to be found, and its area is the data set's own. */
  @Test
  void crowdsAndAreasAreTheDataSets() {
    ImageObject crowd = new ImageObject(1, 0, new Box(0, 0, 16, 16), 256, true, null);
    ImageObject small = new ImageObject(2, 1, new Box(16, 0, 16, 16), 9, false, null);
    AveragePrecision metric = OBJECTIVE.metric();
    OBJECTIVE.add(metric, outputs(one(1, 0, 3)), targets(truth(1, crowd, small)));
    assertThat(metric.scores().value("AP dog").orElseThrow()).isNaN();
    assertThat(metric.scores().value("AP cat").orElseThrow()).isCloseTo(1, within(1e-12));
    ObjectSet large = truth(1, new ImageObject(2, 1, new Box(16, 0, 16, 16), 20_000, false, null));
    AveragePrecision other = OBJECTIVE.metric();
    OBJECTIVE.add(other, outputs(one(1, 0, 3)), targets(large));
    assertThat(other.scores().value("APl").orElseThrow()).isCloseTo(1, within(1e-12));
    assertThat(other.scores().value("APs").orElseThrow()).isNaN();
  }

  @Test
  void anOutputThatIsNotFiniteIsNoDetection() {
    for (int which : new int[] {0, 1}) {
      for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
        INDArray[] outputs = outputs(one(0, 2, 3), one(1, 2, 1));
        outputs[which].putScalar(outputs[which].length() - 1, bad);
        ObjectTargets targets =
            targets(truth(1, object(0, 0, 0, 16, 16)), truth(2, object(1, 16, 0, 16, 16)));
        assertThat(OBJECTIVE.found(outputs, targets).get(0)).isPresent();
        assertThat(OBJECTIVE.found(outputs, targets).get(1)).isEmpty();
        AveragePrecision metric = OBJECTIVE.metric();
        assertThat(OBJECTIVE.add(metric, outputs, targets).loss(1)).isNaN();
        assertThat(metric.scores().primary().value()).isNaN();
        assertThat(metric.scores().notes())
            .containsExactly("images whose outputs are not finite: 1");
      }
    }
  }

  @Test
  void labelsLieOverTheFeedsMemory() {
    FloatBuffer classes = buffer(8);
    FloatBuffer codes = buffer(40);
    for (int i = 0; i < 40; i++) {
      codes.put(i, i);
      classes.put(i / 5, i / 5 - 1);
    }
    ObjectSet none = truth(1);
    INDArray[] labels =
        OBJECTIVE.labels(
            new ObjectTargets(
                List.of(wide(1), wide(2)), List.of(none, none), List.of(classes, codes)));
    assertThat(labels[0].shape()).containsExactly(2, 4);
    assertThat(labels[1].shape()).containsExactly(2, 4, 5);
    assertThat(labels[0].getFloat(1, 0)).isEqualTo(3);
    assertThat(labels[1].getFloat(1, 3, 4)).isEqualTo(39);
    codes.put(39, 7);
    assertThat(labels[1].getFloat(1, 3, 4)).isEqualTo(7);
  }

  private static FloatBuffer buffer(int length) {
    return ByteBuffer.allocateDirect(4 * length).order(ByteOrder.nativeOrder()).asFloatBuffer();
  }

  @Test
  void goesToATaskAndKeepsWhatIsFoundThere() throws Exception {
    OBJECTIVE.found(outputs(one(0, 2, 3)), targets(truth(7)));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(OBJECTIVE.keepingFound());
    }
    Detection there;
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      there = (Detection) in.readObject();
    }
    AveragePrecision metric = there.metric();
    there.add(metric, outputs(one(0, 2, 3)), targets(truth(7, object(0, 0, 0, 16, 16))));
    assertThat(metric.found()).containsOnlyKeys(7L);
    assertThat(metric.found().get(7L).categories()[0]).isZero();
    assertThatThrownBy(() -> OBJECTIVE.metric().found()).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void refusesAClassWithoutAnOutput() {
    assertThatThrownBy(
            () -> new Detection(List.of("dog", "cat"), TARGETS, 16, 2, DetectionSettings.REFERENCE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid detection: outputs [2, 0] of 2 for 2 classes");
  }
}
