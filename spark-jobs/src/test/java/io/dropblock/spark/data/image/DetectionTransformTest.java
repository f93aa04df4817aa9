package io.dropblock.spark.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.spark.data.KeyedRandom;
import io.dropblock.spark.data.annotation.Box;
import io.dropblock.spark.data.annotation.ImageObject;
import io.dropblock.spark.data.annotation.ObjectSet;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class DetectionTransformTest {
  private static final int SIZE = 48;
  private static final DetectionTransform TRAINING =
      DetectionTransform.training(SIZE, new Jitter(true, 0.6, 1.7));
  private static final Image GREY = grey(100, 50);

  private final float[] out = new float[3 * SIZE * SIZE];

  private PlacedObjects apply(DetectionTransform transform, Image image, ObjectSet set, long seed) {
    return transform.apply(
        image, set, KeyedRandom.of(seed), Normalization.NONE, FloatBuffer.wrap(out), 0);
  }

  /**
   * Bilinear samples at pixel centres pass the middle between black and white exactly where the
   * edge is, so which pixels are bright tells the box to a fraction of a pixel.
   */
  @Test
  void boxesFollowPixels() {
    int removed = 0;
    int compared = 0;
    for (long seed = 0; seed < 3000; seed++) {
      Scene scene = Scene.drawn(KeyedRandom.of(seed, 1));
      PlacedObjects placed = apply(TRAINING, scene.image(), scene.objects(), seed);
      removed += 1 - placed.count();
      float[] box = placed.count() == 0 ? new float[] {-9, -9, -9, -9} : placed.boxes();
      for (int i = 0; i < SIZE * SIZE; i++) {
        double y = i / SIZE + 0.5;
        double x = i % SIZE + 0.5;
        double fromY = Math.min(Math.abs(y - box[0]), Math.abs(y - box[2]));
        double fromX = Math.min(Math.abs(x - box[1]), Math.abs(x - box[3]));
        // Rounding decides on the edge, all four neighbours near a corner; boxes end before the
        // last row and column.
        boolean corner = fromY <= 0.5 * placed.scaleY() && fromX <= 0.5 * placed.scaleX();
        if (corner || Math.min(fromY, fromX) < 1e-3 || Math.max(y, x) > SIZE - 1) {
          continue;
        }
        boolean inside = y > box[0] && y < box[2] && x > box[1] && x < box[3];
        assertThat(out[i] > 127.5).as("seed %d, pixel %s, %s", seed, x, y).isEqualTo(inside);
        compared++;
      }
    }
    assertThat(removed).isBetween(1, 300);
    assertThat(compared).isGreaterThan(3000 * SIZE * SIZE / 2);
  }

  @Test
  void evaluationScalesTheLongSideAndCutsNothing() {
    DetectionTransform evaluation = DetectionTransform.evaluation(SIZE);
    ImageObject whole = Scene.object(4, new Box(0, 0, 100, 50), false);
    ImageObject crowd = Scene.object(5, new Box(50, 10, 20, 25), true);
    ObjectSet set = new ObjectSet(123, List.of(whole, crowd));
    PlacedObjects placed =
        evaluation.apply(GREY, set, null, Normalization.NONE, FloatBuffer.wrap(out), 0);
    assertThat(placed.imageId()).isEqualTo(123);
    assertThat(placed.width()).isEqualTo(100);
    assertThat(placed.height()).isEqualTo(50);
    assertThat(placed.scaleX()).isEqualTo(0.48);
    assertThat(placed.scaleY()).isEqualTo(0.48);
    assertThat(placed.labels()).containsExactly(4, 5);
    // The first is clipped to 47, as the reference does.
    assertThat(placed.boxes())
        .containsExactly(new float[] {0, 0, 24, 47, 4.8f, 24, 16.8f, 33.6f}, within(1e-5f));
    for (int i = 0; i < out.length; i++) {
      assertThat(out[i]).isCloseTo(i / SIZE % SIZE < 24 ? 200 : 0, within(1e-3f));
    }
  }

  @Test
  void boxesGoBackByTheScales() {
    Scene scene = new Scene(333, 500, 40, 60, 100, 200);
    PlacedObjects placed =
        DetectionTransform.evaluation(SIZE)
            .apply(
                scene.image(), scene.objects(), null, Normalization.NONE, FloatBuffer.wrap(out), 0);
    // 333 * 48 / 500 = 31.97: 31 columns.
    assertThat(placed.scaleX()).isEqualTo(31.0 / 333);
    assertThat(placed.scaleY()).isEqualTo(48.0 / 500);
    float[] box = placed.boxes();
    assertThat(box[0] / placed.scaleY()).isCloseTo(60, within(1e-4));
    assertThat(box[1] / placed.scaleX()).isCloseTo(40, within(1e-4));
    assertThat(box[2] / placed.scaleY()).isCloseTo(260, within(1e-4));
    assertThat(box[3] / placed.scaleX()).isCloseTo(140, within(1e-4));
  }

  @Test
  void paddingIsZeroBehindTheNormalisation() {
    Arrays.fill(out, 7);
    DetectionTransform.evaluation(SIZE)
        .apply(
            GREY,
            new ObjectSet(1, List.of()),
            null,
            Normalization.IMAGENET,
            FloatBuffer.wrap(out),
            0);
    for (int i = 0; i < out.length; i++) {
      int channel = i / SIZE / SIZE;
      float value = i / SIZE % SIZE < 24 ? Normalization.IMAGENET.apply(200, channel) : 0;
      assertThat(out[i]).isCloseTo(value, within(1e-4f));
    }
  }

  @Test
  void writesItsSliceOnly() {
    float[] wide = new float[5 + out.length + 5];
    Arrays.fill(wide, -3);
    ObjectSet none = new ObjectSet(1, List.of());
    TRAINING.apply(GREY, none, KeyedRandom.of(3), Normalization.NONE, FloatBuffer.wrap(wide), 5);
    apply(TRAINING, GREY, none, 3);
    assertThat(Arrays.copyOfRange(wide, 5, 5 + out.length)).isEqualTo(out);
    assertThat(Arrays.copyOf(wide, 5)).containsOnly(-3);
    assertThat(Arrays.copyOfRange(wide, 5 + out.length, wide.length)).containsOnly(-3);
  }

  @Test
  void trainsOnNoCrowdAndNoMoreThanTheFirstHundred() {
    List<ImageObject> objects = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      objects.add(Scene.object(i, new Box(20, 10, 60, 30), i % 10 == 0));
    }
    DetectionTransform plain = DetectionTransform.training(SIZE, Jitter.NONE);
    int[] labels = apply(plain, GREY, new ObjectSet(1, objects), 0).labels();
    assertThat(labels).hasSize(100).doesNotContain(0, 10, 20, 100);
    // 111 of them are below 111, 11 of which are crowds.
    assertThat(labels[99]).isEqualTo(111);
    assertThat(
            apply(DetectionTransform.evaluation(SIZE), GREY, new ObjectSet(1, objects), 0).count())
        .isEqualTo(150);
  }

  @Test
  void removesBoxesOfWhichNoAreaIsLeft() {
    DetectionTransform plain = DetectionTransform.training(50, Jitter.NONE);
    float[] square = new float[3 * 50 * 50];
    // Above, to the left, below, to the right, in the last column; and one that looks in.
    List<ImageObject> objects =
        List.of(
            Scene.object(0, new Box(5, -4, 9, 4), false),
            Scene.object(1, new Box(-6, 2, 6, 9), false),
            Scene.object(2, new Box(5, 25, 9, 4), false),
            Scene.object(3, new Box(100, 2, 6, 9), false),
            Scene.object(4, new Box(98, 2, 2, 9), false),
            Scene.object(5, new Box(-6, -8, 10, 12), false),
            Scene.object(6, new Box(90, 20, 50, 100), false));
    PlacedObjects placed =
        plain.apply(
            grey(100, 50),
            new ObjectSet(1, objects),
            null,
            Normalization.NONE,
            FloatBuffer.wrap(square),
            0);
    assertThat(placed.labels()).containsExactly(2, 5, 6);
    assertThat(placed.boxes())
        .containsExactly(
            new float[] {12.5f, 2.5f, 14.5f, 7, 0, 0, 2, 2, 10, 45, 25, 49}, within(1e-5f));
  }

  @Test
  void isAPureFunctionOfItsArguments() {
    Scene scene = Scene.drawn(KeyedRandom.of(4, 1));
    PlacedObjects one = apply(TRAINING, scene.image(), scene.objects(), 4);
    float[] first = out.clone();
    PlacedObjects other = apply(TRAINING, scene.image(), scene.objects(), 4);
    assertThat(out).isEqualTo(first);
    assertThat(other.boxes()).isEqualTo(one.boxes());
    apply(TRAINING, scene.image(), scene.objects(), 5);
    assertThat(out).isNotEqualTo(first);
  }

  @Test
  void placesASinglePixel() {
    float value = 200;
    apply(TRAINING, grey(1, 1), new ObjectSet(1, List.of()), 1);
    assertThat(out[0]).isCloseTo(value, within(1e-3f));
    PlacedObjects placed =
        apply(DetectionTransform.evaluation(SIZE), grey(400, 1), new ObjectSet(1, List.of()), 1);
    assertThat(placed.scaleY()).isEqualTo(1);
    assertThat(out[SIZE - 1]).isCloseTo(value, within(1e-3f));
    assertThat(out[SIZE]).isZero();
  }

  @Test
  void refusesWhatIsOutOfRange() {
    assertThatThrownBy(() -> DetectionTransform.evaluation(0))
        .hasMessage("Invalid size: 0 is not in 1 to 4096");
    assertThatThrownBy(() -> new DetectionTransform(8, Jitter.NONE, true, 0))
        .hasMessage("Invalid maxObjects: 0");
    assertThatThrownBy(() -> new PlacedObjects(1, 1, 1, 1, 1, new float[3], new int[1]))
        .hasMessage("Invalid objects: 3 numbers for 1 boxes");
  }

  private static Image grey(int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    Arrays.fill(rgb, (byte) 200);
    return new Image(width, height, rgb);
  }
}
