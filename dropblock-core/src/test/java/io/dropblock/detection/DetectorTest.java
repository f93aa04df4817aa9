package io.dropblock.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.detection.AnchorSettings.Aspect;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DetectorTest {
  // Anchors (0, 0, 40, 40), (0, 40, 40, 80), (40, 0, 80, 40), (40, 40, 80, 80).
  private static final Anchors TILES =
      new Anchors(new AnchorSettings(1, 1, List.of(new Aspect(1, 1))), 80, List.of(40));
  private static final float LOG_3 = (float) Math.log(3);
  private static final float OUT = -50;
  private static final float MINUS_INFINITY = Float.NEGATIVE_INFINITY;

  private static DetectionSettings settings(int candidates, double least, int most) {
    return new DetectionSettings(candidates, .5, least, most);
  }

  /** Of two classes at the four tiles. */
  private static Detections detect(DetectionSettings settings, float[] logits, float[] codes) {
    return detect(settings, logits, codes, 80, 80);
  }

  private static Detections detect(
      DetectionSettings settings, float[] logits, float[] codes, double rows, double columns) {
    return new Detector(TILES, 2, settings)
        .detect(FloatBuffer.wrap(logits), 0, FloatBuffer.wrap(codes), 0, rows, columns);
  }

  /** By hand: scores 3 / 4, 1 / 2 and 1 / 4; the second tile's box is half as high. */
  @Test
  void findsTheBestFirst() {
    float[] logits = {OUT, -LOG_3, /**/ 0, OUT, /**/ OUT, OUT, /**/ OUT, LOG_3};
    float[] codes = new float[16];
    codes[6] = (float) Math.log(.5);
    Detections found = detect(settings(9, .1, 9), logits, codes);
    assertThat(found.count()).isEqualTo(3);
    assertThat(found.scores()).containsExactly(new float[] {.75f, .5f, .25f}, within(1e-6f));
    assertThat(found.labels()).containsExactly(1, 0, 1);
    assertThat(found.boxes())
        .containsExactly(
            new float[] {40, 40, 80, 80, /**/ 10, 40, 30, 80, /**/ 0, 0, 40, 40}, within(1e-5f));
  }

  /** All boxes lie on the first tile: each class keeps its best. */
  @Test
  void suppressesClassByClass() {
    float[] logits = {1, 2, /**/ 3, 1.5f, /**/ 2.5f, 0, /**/ 0, 0};
    float[] codes = {0, 0, 0, 0, /**/ 0, -1, 0, 0, /**/ -1, 0, 0, 0, /**/ -1, -1, 0, 0};
    Detections found = detect(settings(9, 0, 9), logits, codes);
    assertThat(found.labels()).containsExactly(0, 1);
    assertThat(found.scores()[0]).isCloseTo((float) (1 / (1 + Math.exp(-3))), within(1e-6f));
    assertThat(found.boxes()).containsExactly(0, 0, 40, 40, 0, 0, 40, 40);
  }

  /** The upper tiles' boxes are the same after clipping, and so is one of them suppressed. */
  @Test
  void clipsBeforeItSuppressesAndDropsWhatIsOutside() {
    float[] logits = {2, OUT, /**/ 1, OUT, /**/ 0, OUT, /**/ 3, OUT};
    float[] codes = new float[16];
    codes[5] = -1;
    codes[7] = 2;
    Detections found = detect(settings(9, .1, 9), logits, codes, 60, 30);
    assertThat(found.boxes()).containsExactly(0, 0, 40, 30, /**/ 40, 0, 60, 30);
    assertThat(found.count()).isEqualTo(2);
  }

  @Test
  void keepsNoMoreThanAsked() {
    float[] logits = {8, 7, 6, 5, 4, 3, 2, 1};
    float[] codes = new float[16];
    assertThat(detect(settings(9, 0, 3), logits, codes).labels()).containsExactly(0, 1, 0);
    assertThat(detect(settings(2, 0, 9), logits, codes).labels()).containsExactly(0, 1);
    assertThat(detect(settings(9, 0, 9), logits, codes).count()).isEqualTo(8);
    assertThat(detect(settings(Integer.MAX_VALUE, 0, Integer.MAX_VALUE), logits, codes).count())
        .isEqualTo(8);
  }

  /** By hand: logit 0 is score 0.5, which is enough for 0.5. */
  @Test
  void keepsNoLessThanTheLeastScore() {
    float[] logits = {-.1f, 0, .1f, -1, -2, -3, -4, -5};
    assertThat(detect(settings(9, .5, 9), logits, new float[16]).labels()).containsExactly(0, 1);
    assertThat(detect(settings(9, .9, 9), logits, new float[16]).count()).isZero();
  }

  @Test
  void takesEqualLogitsInTheirOrder() {
    Detections found = detect(settings(3, 0, 9), new float[8], new float[16]);
    assertThat(found.labels()).containsExactly(0, 1, 0);
    assertThat(found.boxes()).containsExactly(0, 0, 40, 40, 0, 0, 40, 40, 0, 40, 40, 80);
  }

  @Test
  void neverFindsALogitOfMinusInfinity() {
    float[] logits = new float[8];
    Arrays.fill(logits, MINUS_INFINITY);
    logits[5] = -200;
    Detections found = detect(settings(9, 0, 9), logits, new float[16]);
    assertThat(found.labels()).containsExactly(1);
    assertThat(found.scores()).containsExactly(0);
  }

  @Test
  void forgetsTheImageBefore() {
    Detector detector = new Detector(TILES, 2, settings(9, 0, 9));
    FloatBuffer codes = FloatBuffer.allocate(16);
    FloatBuffer logits = FloatBuffer.wrap(new float[] {8, 7, 6, 5, 4, 3, 2, 1});
    Detections first = detector.detect(logits, 0, codes, 0, 80, 80);
    logits.put(0, -8);
    Detections second = detector.detect(logits, 0, codes, 0, 80, 80);
    assertThat(first.labels()).containsExactly(0, 1, 0, 1, 0, 1, 0, 1);
    assertThat(second.labels()).containsExactly(1, 0, 1, 0, 1, 0, 1, 0);
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
  void refusesLogitsThatAreNotFinite(float bad) {
    float[] logits = {8, 7, 6, 5, 4, 3, 2, bad};
    assertThatIllegalArgumentException()
        .isThrownBy(() -> detect(settings(1, 0, 1), logits, new float[16]))
        .withMessage("Cannot detect objects: logit 7 is %s", bad);
  }

  @ParameterizedTest
  @CsvSource({"4, NaN", "5, Infinity", "6, -Infinity", "7, NaN"})
  void refusesCodesThatAreNotFinite(int place, float bad) {
    float[] codes = new float[16];
    codes[place] = bad;
    assertThatIllegalArgumentException()
        .isThrownBy(() -> detect(settings(9, 0, 9), new float[8], codes))
        .withMessage(
            "Cannot detect objects: number %d of the box code of anchor 1 is %s", place - 4, bad);
  }

  @ParameterizedTest
  @CsvSource({"0, 80", "80, 0", "-1, 80", "NaN, 80", "80, NaN", "Infinity, 80"})
  void refusesAnImageWithoutPixels(double rows, double columns) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> detect(settings(9, 0, 9), new float[8], new float[16], rows, columns))
        .withMessage("Cannot detect objects: in an image of %s x %s", columns, rows);
  }

  @Test
  void refusesBuffersThatAreTooShortAndClassesThatAreNone() {
    for (int[] lengths : new int[][] {{7, 16}, {8, 15}}) {
      assertThatExceptionOfType(IndexOutOfBoundsException.class)
          .isThrownBy(
              () -> detect(settings(1, 0, 1), new float[lengths[0]], new float[lengths[1]]));
    }
    for (int classes : new int[] {0, -1, Integer.MAX_VALUE}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new Detector(TILES, classes, DetectionSettings.REFERENCE))
          .withMessage("Cannot detect objects of %d classes at 4 anchors", classes);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0.5, 0, 1",
    "1, -0.1, 0, 1",
    "1, 1.1, 0, 1",
    "1, NaN, 0, 1",
    "1, 0.5, -0.1, 1",
    "1, 0.5, 1, 1",
    "1, 0.5, NaN, 1",
    "1, 0.5, 0, 0"
  })
  void refusesSettingsOutOfRange(int candidates, double overlap, double least, int most) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new DetectionSettings(candidates, overlap, least, most))
        .withMessage(
            "Invalid detections: %d candidates, overlap %s, least score %s, at most %d",
            candidates, overlap, least, most);
  }

  @Test
  void findsNumbersThatAreNotFinite() {
    for (boolean direct : new boolean[] {false, true}) {
      FloatBuffer numbers = RandomBoxes.buffer(new float[10_000], direct);
      numbers.put(1, -0f).put(2, Float.MAX_VALUE).put(3, -Float.MAX_VALUE).put(4, Float.MIN_VALUE);
      assertThat(Detector.isFinite(numbers, 0, 10_000)).isTrue();
      assertThat(Detector.isFinite(numbers, 10_000, 0)).isTrue();
      for (float bad : new float[] {Float.NaN, MINUS_INFINITY, Float.POSITIVE_INFINITY}) {
        for (int place : new int[] {1, 4095, 4096, 9998}) {
          float good = numbers.get(place);
          numbers.put(place, bad);
          assertThat(Detector.isFinite(numbers, 1, 9998)).isFalse();
          assertThat(Detector.isFinite(numbers, 0, place)).isTrue();
          assertThat(Detector.isFinite(numbers, place + 1, 9999 - place)).isTrue();
          numbers.put(place, good);
        }
      }
      assertThatExceptionOfType(IndexOutOfBoundsException.class)
          .isThrownBy(() -> Detector.isFinite(numbers, 1, 10_000));
    }
  }
}
