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
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
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

  /** The jitter of the recipes at their size, of images as large as COCO's. */
  @Test
  void rectanglesAreWhereTheirBoxesSayAtTheSizeOfTheRecipes() {
    int size = 640;
    DetectionTransform training = DetectionTransform.training(size, new Jitter(true, .8, 1.2));
    float[] square = new float[3 * size * size];
    int mirrored = 0;
    int plain = 0;
    int cut = 0;
    for (long seed = 0; seed < 40; seed++) {
      Scene scene = seed % 2 == 0 ? scene(500, 375, seed) : scene(427, 640, seed);
      PlacedObjects placed =
          training.apply(
              scene.image(),
              scene.objects(),
              KeyedRandom.of(seed),
              Normalization.NONE,
              FloatBuffer.wrap(square),
              0);
      int[] bright = bright(square, size);
      for (int i = 0; i < 4; i++) {
        // The last row and column are the image's, but no box's.
        double end = Math.min(bright[i], size - 1);
        assertThat(placed.boxes()[i])
            .as("seed %d, number %d", seed, i)
            .isCloseTo((float) end, within(.501f));
      }
      if (placed.scaleX() * scene.width() > size || placed.scaleY() * scene.height() > size) {
        cut++;
      } else if (Math.abs(placed.boxes()[1] - scene.x() * placed.scaleX()) < 1e-3) {
        plain++;
      } else {
        mirrored++;
      }
    }
    assertThat(mirrored).isGreaterThan(3);
    assertThat(plain).isGreaterThan(3);
    assertThat(cut).isGreaterThan(10);
  }

  /** A rectangle around the middle, so that no cut can remove all of it, but not in the middle. */
  private static Scene scene(int width, int height, long seed) {
    RandomGenerator random = KeyedRandom.of(seed, 2);
    int x = random.nextInt(width / 3);
    int y = random.nextInt(height / 3);
    int boxWidth = width / 2 - x + 20 + random.nextInt(width / 4);
    return new Scene(width, height, x, y, boxWidth, height / 2 - y + random.nextInt(height / 2));
  }

  /** First row and column, and behind the last row and column, of what is brighter than half. */
  private static int[] bright(float[] square, int size) {
    int[] found = {size, size, 0, 0};
    for (int i = 0; i < size * size; i++) {
      if (square[i] > 127.5) {
        found[0] = Math.min(found[0], i / size);
        found[1] = Math.min(found[1], i % size);
        found[2] = Math.max(found[2], i / size + 1);
        found[3] = Math.max(found[3], i % size + 1);
      }
    }
    return found;
  }

  @Test
  void trainsOnNoCrowdAndNoMoreThanAHundred() {
    List<ImageObject> objects = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      objects.add(Scene.object(i, new Box(20, 10, 60, 30), i % 10 == 0));
    }
    DetectionTransform plain = DetectionTransform.training(SIZE, Jitter.NONE);
    int[] labels = apply(plain, GREY, new ObjectSet(1, objects), 0).labels();
    assertThat(labels).hasSize(100).doesNotContain(0, 10, 20, 100);
    // They are all as large, so these are the first: 111 are below 111, 11 of which are crowds.
    assertThat(labels[99]).isEqualTo(111);
    assertThat(
            apply(DetectionTransform.evaluation(SIZE), GREY, new ObjectSet(1, objects), 0).count())
        .isEqualTo(150);
  }

  /** Of 300 boxes in no order, 200 have a side of 1 to 4 pixels, two of 6 and 98 of 8 or more. */
  @Test
  void keepsTheLargestOfTooMany() {
    List<ImageObject> objects = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      int side = i % 3 != 1 ? 1 + i % 4 : i == 151 || i == 154 ? 6 : 8 + i % 30;
      objects.add(Scene.object(i, new Box(i % 50, i % 7, side, side), false));
    }
    DetectionTransform plain = DetectionTransform.training(100, Jitter.NONE);
    float[] square = new float[3 * 100 * 100];
    PlacedObjects placed =
        plain.apply(
            grey(100, 50),
            new ObjectSet(1, objects),
            null,
            Normalization.NONE,
            FloatBuffer.wrap(square),
            0);
    int[] third = IntStream.range(0, 100).map(i -> 3 * i + 1).toArray();
    assertThat(placed.labels()).containsExactly(third);
    for (int i = 0; i < 100; i++) {
      Box box = objects.get(3 * i + 1).box();
      assertThat(Arrays.copyOfRange(placed.boxes(), 4 * i, 4 * i + 4))
          .containsExactly(
              (float) box.y(), (float) box.x(), (float) box.bottom(), (float) box.right());
    }
    PlacedObjects fewer =
        new DetectionTransform(100, Jitter.NONE, false, 99)
            .apply(
                grey(100, 50),
                new ObjectSet(1, objects),
                null,
                Normalization.NONE,
                FloatBuffer.wrap(square),
                0);
    // Of the two of 6 pixels the first is kept.
    assertThat(fewer.labels()).hasSize(99).contains(151).doesNotContain(154);
  }

  /** What counts is what the square has of a box, not what the image had. */
  @Test
  void keepsTheLargestOfWhatIsWithinTheSquare() {
    List<ImageObject> objects =
        List.of(
            Scene.object(0, new Box(95, 0, 900, 50), false),
            Scene.object(1, new Box(10, 10, 20, 20), false),
            Scene.object(2, new Box(200, 0, 900, 900), false));
    float[] square = new float[3 * 100 * 100];
    PlacedObjects placed =
        new DetectionTransform(100, Jitter.NONE, false, 1)
            .apply(
                grey(100, 50),
                new ObjectSet(1, objects),
                null,
                Normalization.NONE,
                FloatBuffer.wrap(square),
                0);
    assertThat(placed.labels()).containsExactly(1);
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
