package io.dropblock.spark.data.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.detection.AnchorMatcher;
import io.dropblock.detection.AnchorSettings;
import io.dropblock.detection.Anchors;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.TestImages;
import io.dropblock.spark.data.annotation.Box;
import io.dropblock.spark.data.annotation.ImageObject;
import io.dropblock.spark.data.annotation.ObjectSet;
import io.dropblock.spark.data.image.DetectionTransform;
import io.dropblock.spark.data.image.Jitter;
import io.dropblock.spark.data.image.Normalization;
import io.dropblock.spark.data.image.PlacedObjects;
import io.dropblock.spark.data.shard.ImageRecord;
import io.dropblock.spark.data.shard.TestShards;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Objects of images of 64 x 64 pixels at the anchors of two levels: 64 and 16 places of nine. */
class ObjectTargetsTest {
  private static final int SIDE = 64;
  private static final int ANCHORS = (64 + 16) * 9;
  private static final AnchorTargets TARGETS =
      new AnchorTargets(AnchorSettings.REFERENCE, List.of(8, 16), List.of(0, 89, 4));

  @TempDir Path temp;

  private static ImageObject object(int label, Box box) {
    return new ImageObject(1, label, box, box.width() * box.height(), false, null);
  }

  private FeedSource source(Preprocessing preprocessing, int classes, List<ObjectSet> images)
      throws IOException {
    Path folder = Files.createTempDirectory(temp, "data");
    List<ImageRecord> records = new ArrayList<>();
    for (int i = 0; i < images.size(); i++) {
      records.add(new ImageRecord(TestImages.jpeg(SIDE, SIDE, i), images.get(i), "n" + i));
    }
    return new FeedSource(
        folder.toString(),
        TestShards.manifest(
            TestShards.kind(images.get(0)),
            List.of(TestShards.write(folder, "train-00000.parquet", records, 64)),
            List.of(),
            classes),
        Split.TRAIN,
        preprocessing,
        Normalization.IMAGENET);
  }

  private static List<Batch> feed(FeedSource source, int localBatch, int threads) {
    List<Batch> batches = new ArrayList<>();
    EpochOrder order = EpochOrder.sequential(source.blockSizes(), 1, 0, localBatch);
    try (Feed feed =
        Feed.open(source, order, FeedSettings.of(threads, threads + 1), new Configuration())) {
      feed.forEachRemaining(batches::add);
    }
    return batches;
  }

  /** The numbers of one image in training without jitter. */
  private ObjectTargets only(int classes, AnchorTargets targets, ImageObject... objects)
      throws IOException {
    ObjectPreprocessing training =
        ObjectPreprocessing.training(DetectionTransform.training(SIDE, Jitter.NONE), targets);
    ObjectSet set = new ObjectSet(1, List.of(objects));
    return (ObjectTargets) feed(source(training, classes, List.of(set)), 1, 1).get(0).targets();
  }

  private static float[] numbers(ObjectTargets targets, int output) {
    FloatBuffer buffer = targets.encoded().get(output);
    float[] numbers = new float[buffer.capacity()];
    buffer.get(0, numbers);
    return numbers;
  }

  /** Anchor 0 of the place in row 2, column 3 is 32 pixels wide around (28, 20). */
  @Test
  void anObjectLikeAnAnchorIsThatAnchors() throws IOException {
    ObjectTargets targets = only(3, TARGETS, object(1, new Box(12, 4, 32, 32)));
    float[] classes = numbers(targets, 0);
    float[] codes = numbers(targets, 1);
    assertThat(classes).hasSize(ANCHORS);
    assertThat(codes).hasSize(5 * ANCHORS);
    int same = (2 * 8 + 3) * 9;
    // The output of label 1 is 89.
    assertThat(classes[same]).isEqualTo(89);
    assertThat(Arrays.copyOfRange(codes, 5 * same, 5 * same + 5)).containsExactly(1, 0, 0, 0, 0);
    // One place to the right, 24 of 40 columns are common: ty 0, tx -8 / 32.
    assertThat(Arrays.copyOfRange(codes, 5 * same + 45, 5 * same + 50))
        .containsExactly(new float[] {1, 0, -.25f, 0, 0}, within(1e-6f));
    // Two places, 16 of 48.
    assertThat(classes[same + 18]).isEqualTo(-1);
    for (int anchor = 0; anchor < ANCHORS; anchor++) {
      assertThat(classes[anchor]).isIn(-1f, 89f);
      assertThat(codes[5 * anchor]).isEqualTo(classes[anchor] < 0 ? 0 : 1);
    }
  }

  @Test
  void everyImageOfABatchIsMatchedAsItIsAlone() throws IOException {
    List<ObjectSet> sets = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      List<ImageObject> objects = new ArrayList<>();
      for (int k = 0; k < i % 4; k++) {
        objects.add(object((i + k) % 3, new Box(3 * k, i, 12 + i, 20 + 4 * k)));
      }
      sets.add(new ObjectSet(100 + i, objects));
    }
    ObjectPreprocessing training =
        ObjectPreprocessing.training(
            DetectionTransform.training(SIDE, new Jitter(true, .8, 1.2)), TARGETS);
    FeedSource source = source(training, 3, sets);
    AnchorMatcher matcher =
        new AnchorMatcher(new Anchors(AnchorSettings.REFERENCE, SIDE, List.of(8, 16)), .5);
    int image = 0;
    int found = 0;
    for (Batch batch : feed(source, 7, 3)) {
      ObjectTargets targets = (ObjectTargets) batch.targets();
      assertThat(targets.encoded().get(0).capacity()).isEqualTo(batch.size() * ANCHORS);
      assertThat(targets.encoded().get(1).capacity()).isEqualTo(batch.size() * ANCHORS * 5);
      for (int i = 0; i < batch.size(); i++, image++) {
        PlacedObjects placed = targets.images().get(i);
        assertThat(targets.truth().get(i)).isEqualTo(sets.get(image));
        FloatBuffer classes = FloatBuffer.allocate(ANCHORS);
        FloatBuffer codes = FloatBuffer.allocate(5 * ANCHORS);
        int[] outputs =
            IntStream.of(placed.labels()).map(label -> label == 1 ? 89 : 2 * label).toArray();
        found += matcher.match(placed.boxes(), outputs, classes, 0, codes, 0);
        assertThat(targets.encoded().get(0).slice(i * ANCHORS, ANCHORS)).isEqualTo(classes);
        assertThat(targets.encoded().get(1).slice(5 * i * ANCHORS, 5 * ANCHORS)).isEqualTo(codes);
      }
    }
    assertThat(image).isEqualTo(30);
    assertThat(found).isGreaterThan(100);
  }

  @Test
  void anImageWithoutObjectsIsAllBackground() throws IOException {
    ObjectTargets targets = only(3, TARGETS);
    assertThat(numbers(targets, 0)).containsOnly(-1);
    assertThat(numbers(targets, 1)).containsOnly(0);
  }

  @Test
  void takesADataSetOfOneClass() throws IOException {
    AnchorTargets one = new AnchorTargets(AnchorSettings.REFERENCE, List.of(8, 16), List.of(0));
    assertThat(numbers(only(1, one, object(0, new Box(12, 4, 32, 32))), 0)).containsOnly(-1, 0);
  }

  /** Of the levels' anchors, none is half as large; the best one is the object's all the same. */
  @Test
  void anObjectThatCoversEverythingHasAnAnchor() throws IOException {
    AnchorTargets fine = new AnchorTargets(AnchorSettings.REFERENCE, List.of(8), List.of(0, 1, 2));
    ObjectTargets targets = only(3, fine, object(2, new Box(0, 0, SIDE, SIDE)));
    float[] classes = numbers(targets, 0);
    float[] codes = numbers(targets, 1);
    int positives = 0;
    for (int anchor = 0; anchor < classes.length; anchor++) {
      if (classes[anchor] >= 0) {
        assertThat(classes[anchor]).isEqualTo(2);
        positives++;
      }
    }
    assertThat(positives).isPositive();
    assertThat(codes).doesNotContain(Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY);
  }

  /** At half the size, 0.02 pixels are 0.01, of which the logarithm is learned. */
  @Test
  void anObjectSmallerThanAPixelHasAnAnchor() throws IOException {
    ObjectPreprocessing training =
        ObjectPreprocessing.training(
            DetectionTransform.training(SIDE / 2, Jitter.NONE),
            new AnchorTargets(AnchorSettings.REFERENCE, List.of(8), List.of(0, 1, 2)));
    ObjectSet set = new ObjectSet(1, List.of(object(1, new Box(30, 20, .02, .02))));
    ObjectTargets targets =
        (ObjectTargets) feed(source(training, 3, List.of(set)), 1, 1).get(0).targets();
    assertThat(targets.images().get(0).count()).isEqualTo(1);
    float[] classes = numbers(targets, 0);
    float[] codes = numbers(targets, 1);
    List<Integer> positives =
        IntStream.range(0, classes.length).filter(i -> classes[i] >= 0).boxed().toList();
    assertThat(positives).hasSize(1);
    int anchor = positives.get(0);
    assertThat(classes[anchor]).isEqualTo(1);
    Anchors anchors = new Anchors(AnchorSettings.REFERENCE, SIDE / 2, List.of(8));
    float height = anchors.boxes()[4 * anchor + 2] - anchors.boxes()[4 * anchor];
    assertThat(codes[5 * anchor + 3]).isCloseTo((float) Math.log(.01 / height), within(1e-3f));
  }

  @Test
  void evaluationHasNoNumbersButAreasAndCrowds() throws IOException {
    ObjectSet set =
        new ObjectSet(9, List.of(new ImageObject(5, 2, new Box(1, 2, 3, 4), 7.5, true, null)));
    ObjectTargets targets =
        (ObjectTargets)
            feed(
                    source(
                        ObjectPreprocessing.evaluation(DetectionTransform.evaluation(2 * SIDE)),
                        3,
                        List.of(set)),
                    1,
                    1)
                .get(0)
                .targets();
    assertThat(targets.encoded()).isEmpty();
    assertThat(targets.truth()).containsExactly(set);
    assertThat(targets.images().get(0).imageId()).isEqualTo(9);
    assertThat(targets.images().get(0).scaleX()).isEqualTo(2);
  }

  /** What is given back serves a later batch, and nothing of what was in it stays. */
  @Test
  void memoryIsGivenBackAndWrittenOver() throws IOException {
    ObjectPreprocessing training =
        ObjectPreprocessing.training(DetectionTransform.training(SIDE, Jitter.NONE), TARGETS);
    FeedSource source =
        source(training, 3, List.of(new ObjectSet(1, List.of(object(0, new Box(12, 4, 32, 32))))));
    Batch batch = feed(source, 1, 1).get(0);
    ObjectTargets first = (ObjectTargets) batch.targets();
    float[] classes = numbers(first, 0);
    float[] codes = numbers(first, 1);
    for (FloatBuffer buffer : first.encoded()) {
      assertThat(buffer.isDirect()).isTrue();
      for (int i = 0; i < buffer.capacity(); i++) {
        buffer.put(i, Float.NaN);
      }
    }
    EpochOrder order = EpochOrder.sequential(source.blockSizes(), 1, 0, 1);
    try (Feed feed = Feed.open(source, order, FeedSettings.of(1, 1), new Configuration())) {
      feed.next();
      feed.giveBack(batch);
    }
    ObjectTargets second = (ObjectTargets) feed(source, 1, 1).get(0).targets();
    assertThat(second.encoded().get(0)).isSameAs(first.encoded().get(0));
    assertThat(second.encoded().get(1)).isSameAs(first.encoded().get(1));
    assertThat(numbers(second, 0)).isEqualTo(classes);
    assertThat(numbers(second, 1)).isEqualTo(codes);
  }

  @Test
  void anchorsAreMadeOnceForAllThreads() throws Exception {
    AnchorEncoder encoder = new AnchorEncoder(TARGETS, SIDE);
    AnchorMatcher one = encoder.matcher();
    assertThat(IntStream.range(0, 64).parallel().mapToObj(i -> encoder.matcher()).distinct())
        .hasSize(1)
        .first()
        .isSameAs(one);
    // What was sent to a task makes its own.
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(encoder);
    }
    assertThat(bytes.size()).isLessThan(2000);
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      AnchorEncoder sent = (AnchorEncoder) in.readObject();
      assertThat(sent.matcher().anchors().boxes()).isEqualTo(one.anchors().boxes());
    }
  }

  @Test
  void refusesOutputsThatDoNotFitTheClasses() {
    assertThatThrownBy(
            () ->
                ObjectPreprocessing.training(
                        DetectionTransform.training(SIDE, Jitter.NONE), TARGETS)
                    .start(1, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid outputs: 3 for 2 classes");
    for (List<Integer> outputs : List.of(List.of(0, -1), List.of(3, 3))) {
      assertThatThrownBy(() -> new AnchorTargets(AnchorSettings.REFERENCE, List.of(8), outputs))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("Invalid outputs of classes: %s has a number below 0 or one twice", outputs);
    }
    assertThatThrownBy(() -> new AnchorTargets(AnchorSettings.REFERENCE, List.of(), List.of(0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid strides of anchors: []");
    assertThatThrownBy(
            () -> new ObjectTargets(List.of(), List.of(new ObjectSet(1, List.of())), List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid objects: of 0 images in squares, 1 as stored");
  }
}
