package io.dropblock.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.detection.AnchorSettings.Aspect;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnchorMatcherTest {
  private static final float LOG_HALF = (float) Math.log(.5);

  // Anchors (0, 0, 4, 4), (0, 4, 4, 8), (4, 0, 8, 4), (4, 4, 8, 8).
  private static final AnchorMatcher TILES =
      new AnchorMatcher(
          new Anchors(new AnchorSettings(1, 1, List.of(new Aspect(1, 1))), 8, List.of(4)), .5);

  private static float[] boxes(float... numbers) {
    return numbers;
  }

  /** The classes of the four tiles for objects of labels 0, 1, ... */
  private static float[] classes(float... boxes) {
    int[] labels = new int[boxes.length / 4];
    Arrays.setAll(labels, i -> i);
    float[] classes = new float[4];
    int count =
        TILES.match(
            boxes, labels, FloatBuffer.wrap(classes), 0, FloatBuffer.wrap(new float[20]), 0);
    int matched = 0;
    for (float label : classes) {
      matched += label < 0 ? 0 : 1;
    }
    assertThat(count).isEqualTo(matched);
    return classes;
  }

  /** By hand: overlaps 1, exactly the threshold, and 12 / 20 against 4 / 28. */
  @Test
  void givesAnAnchorItsObjectsLabelAndCode() {
    float[] boxes = boxes(0, 0, 4, 4, /**/ 0, 4, 4, 6, /**/ 4, 1, 8, 5);
    FloatBuffer classes = FloatBuffer.allocate(4);
    FloatBuffer codes = FloatBuffer.allocate(20);
    assertThat(TILES.match(boxes, new int[] {7, 3, 1}, classes, 0, codes, 0)).isEqualTo(3);
    assertThat(classes.array()).containsExactly(7, 3, 1, -1);
    float[] expected = {
      1, 0, 0, 0, 0, /**/ 1, 0, -.25f, 0, LOG_HALF, /**/ 1, 0, .25f, 0, 0, /**/ 0, 0, 0, 0, 0
    };
    assertThat(codes.array()).containsExactly(expected, within(1e-6f));
  }

  @Test
  void givesEachObjectItsBestAnchorWhateverTheOverlap() {
    assertThat(classes(1, 1, 3, 3)).containsExactly(0, -1, -1, -1);
    assertThat(classes(5, 5, 6, 6)).containsExactly(-1, -1, -1, 0);
  }

  @Test
  void takesTheFirstOfEqualAnchorsAndOfEqualObjects() {
    assertThat(classes(2, 2, 6, 6)).containsExactly(0, -1, -1, -1);
    assertThat(classes(2, 4, 6, 8)).containsExactly(-1, 0, -1, -1);
    assertThat(classes(0, 0, 4, 4, /**/ 0, 0, 4, 4)).containsExactly(0, -1, -1, -1);
  }

  /** The anchor overlaps the second object more, but the first one needs it, too. */
  @Test
  void givesAnAnchorThatSeveralObjectsNeedToTheFirst() {
    assertThat(classes(1, 1, 3, 3, /**/ 0, 0, 3, 4)).containsExactly(0, -1, -1, -1);
    assertThat(classes(0, 0, 3, 4, /**/ 1, 1, 3, 3)).containsExactly(0, -1, -1, -1);
  }

  /** Both upper tiles are the first object's by overlap, 16 / 32; the second needs the right. */
  @Test
  void takesAnAnchorFromAnObjectThatOverlapsItMore() {
    assertThat(classes(0, 0, 4, 8)).containsExactly(0, 0, -1, -1);
    assertThat(classes(0, 0, 4, 8, /**/ 1, 5, 3, 7)).containsExactly(0, 1, -1, -1);
  }

  /** There the reference takes the first anchor. */
  @Test
  void givesNoAnchorToAnObjectThatOverlapsNone() {
    assertThat(classes(100, 100, 110, 110)).containsExactly(-1, -1, -1, -1);
    assertThat(classes(-9, -9, -1, -1)).containsExactly(-1, -1, -1, -1);
    assertThat(classes(1, 1, 1, 3)).containsExactly(-1, -1, -1, -1);
    assertThat(classes(1, 1, 1, 1, /**/ 0, 0, 4, 4)).containsExactly(1, -1, -1, -1);
    float far = Float.MAX_VALUE;
    assertThat(classes(far, far, far, far, /**/ -far, -far, -far, far))
        .containsExactly(-1, -1, -1, -1);
  }

  /** By hand: each tile overlaps the second by 16 / 256. */
  @Test
  void takesABoxThatCoversEverything() {
    float far = Float.MAX_VALUE;
    assertThat(classes(-far, -far, far, far)).containsExactly(0, -1, -1, -1);
    assertThat(classes(4, 4, 8, 8, /**/ -4, -4, 12, 12)).containsExactly(1, -1, -1, 0);
  }

  @Test
  void takesNothingWithoutObjects() {
    FloatBuffer classes = FloatBuffer.wrap(new float[] {1, 2, 3, 4});
    FloatBuffer codes = FloatBuffer.allocate(20);
    Arrays.fill(codes.array(), Float.NaN);
    assertThat(TILES.match(new float[0], new int[0], classes, 0, codes, 0)).isZero();
    assertThat(classes.array()).containsExactly(-1, -1, -1, -1);
    assertThat(codes.array()).containsExactly(new float[20]);
  }

  @Test
  void writesItsOwnPlacesOnly() {
    for (boolean direct : new boolean[] {false, true}) {
      FloatBuffer classes = RandomBoxes.buffer(new float[9], direct);
      FloatBuffer codes = RandomBoxes.buffer(new float[26], direct);
      for (int i = 0; i < 26; i++) {
        classes.put(Math.min(i, 8), 99);
        codes.put(i, 99);
      }
      TILES.match(boxes(4, 4, 8, 8), new int[] {5}, classes, 2, codes, 3);
      assertThat(RandomBoxes.array(classes)).containsExactly(99, 99, -1, -1, -1, 5, 99, 99, 99);
      assertThat(RandomBoxes.array(codes))
          .containsExactly(
              99, 99, 99, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 99, 99, 99);
      assertThat(classes.position() + codes.position()).isZero();
    }
  }

  /** The definition, overlap by overlap. */
  private static int[] owners(AnchorMatcher matcher, float[] boxes) {
    int objects = boxes.length / 4;
    int anchors = matcher.anchors().count();
    double[][] overlaps = new double[objects][anchors];
    int[] owners = new int[anchors];
    for (int anchor = 0; anchor < anchors; anchor++) {
      int best = -1;
      for (int object = 0; object < objects; object++) {
        overlaps[object][anchor] =
            BoxOverlap.of(boxes, 4 * object, matcher.anchors().boxes(), 4 * anchor);
        if (best < 0 || overlaps[object][anchor] > overlaps[best][anchor]) {
          best = object;
        }
      }
      boolean enough = best >= 0 && overlaps[best][anchor] >= matcher.threshold();
      owners[anchor] = enough ? best : -1;
    }
    boolean[] forced = new boolean[anchors];
    for (int object = 0; object < objects; object++) {
      int best = 0;
      for (int anchor = 1; anchor < anchors; anchor++) {
        if (overlaps[object][anchor] > overlaps[object][best]) {
          best = anchor;
        }
      }
      if (overlaps[object][best] > 0 && !forced[best]) {
        forced[best] = true;
        owners[best] = object;
      }
    }
    return owners;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 31, 64, 100, 256})
  void isWhatTheDefinitionSays(int size) {
    AnchorSettings wide = new AnchorSettings(1, 2, List.of(new Aspect(3, .5), new Aspect(.25, 2)));
    for (AnchorSettings settings : List.of(AnchorSettings.REFERENCE, wide)) {
      Anchors anchors = new Anchors(settings, size, List.of(4, 8, 32));
      for (int seed = 0; seed < 30; seed++) {
        Random random = new Random(seed);
        float[] boxes = RandomBoxes.of(random, random.nextInt(20), 4 + size, seed % 3 == 0 ? 4 : 1);
        AnchorMatcher matcher = new AnchorMatcher(anchors, seed % 2 == 0 ? .5 : .3);
        compareWithDefinition(matcher, boxes, seed);
      }
    }
  }

  private static void compareWithDefinition(AnchorMatcher matcher, float[] boxes, int seed) {
    int count = matcher.anchors().count();
    int[] labels = new int[boxes.length / 4];
    Arrays.setAll(labels, i -> 1000 + i);
    FloatBuffer classes = RandomBoxes.buffer(new float[count], seed % 2 == 0);
    FloatBuffer codes = RandomBoxes.buffer(new float[5 * count], seed % 2 == 0);
    int matched = matcher.match(boxes, labels, classes, 0, codes, 0);
    int[] owners = owners(matcher, boxes);
    float[] expected = new float[5 * count];
    float[] labelled = new float[count];
    for (int anchor = 0; anchor < count; anchor++) {
      int owner = owners[anchor];
      labelled[anchor] = owner < 0 ? -1 : labels[owner];
      if (owner >= 0) {
        expected[5 * anchor] = 1;
        BoxCode.encode(
            boxes,
            4 * owner,
            matcher.anchors().boxes(),
            4 * anchor,
            FloatBuffer.wrap(expected),
            5 * anchor + 1);
      }
    }
    assertThat(RandomBoxes.array(classes)).as("seed %d", seed).isEqualTo(labelled);
    assertThat(RandomBoxes.array(codes)).as("seed %d", seed).isEqualTo(expected);
    assertThat(matched).isEqualTo((int) Arrays.stream(owners).filter(o -> o >= 0).count());
  }

  @Test
  void refusesBoxesThatAreNone() {
    for (float[] box :
        List.of(
            boxes(4, 0, 3, 1),
            boxes(0, 4, 1, 3),
            boxes(Float.NaN, 0, 1, 1),
            boxes(0, 0, 1, Float.POSITIVE_INFINITY))) {
      float[] boxes = Arrays.copyOf(new float[] {0, 0, 1, 1}, 8);
      System.arraycopy(box, 0, boxes, 4, 4);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> match(boxes, 1, 2))
          .withMessage(
              "Cannot match object 1: label 2, box %s (y0, x0, y1, x1)", Arrays.toString(box));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> match(boxes(0, 0, 1, 1), -1))
        .withMessage("Cannot match object 0: label -1, box [0.0, 0.0, 1.0, 1.0] (y0, x0, y1, x1)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> match(boxes(0, 0, 1, 1, 2), 1))
        .withMessage("Cannot match objects: 5 numbers are not the boxes of 1");
  }

  private static void match(float[] boxes, int... labels) {
    TILES.match(boxes, labels, FloatBuffer.allocate(4), 0, FloatBuffer.allocate(20), 0);
  }

  @Test
  void refusesBuffersThatAreTooShortAndWritesNothing() {
    for (int[] lengths : new int[][] {{3, 20}, {4, 19}}) {
      float[] classes = new float[lengths[0]];
      float[] codes = new float[lengths[1]];
      assertThatExceptionOfType(IndexOutOfBoundsException.class)
          .isThrownBy(
              () ->
                  TILES.match(
                      boxes(0, 0, 4, 4),
                      new int[] {7},
                      FloatBuffer.wrap(classes),
                      0,
                      FloatBuffer.wrap(codes),
                      0));
      assertThat(classes).containsOnly(0);
      assertThat(codes).containsOnly(0);
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -.1, 1.001, Double.NaN})
  void refusesAThresholdOutOfRange(double threshold) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AnchorMatcher(TILES.anchors(), threshold))
        .withMessageStartingWith("Invalid threshold of a match: ");
  }
}
