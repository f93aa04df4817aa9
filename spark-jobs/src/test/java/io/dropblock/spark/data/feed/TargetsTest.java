package io.dropblock.spark.data.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.TestImages;
import io.dropblock.spark.data.annotation.Annotation;
import io.dropblock.spark.data.annotation.Box;
import io.dropblock.spark.data.annotation.ImageObject;
import io.dropblock.spark.data.annotation.LabelMap;
import io.dropblock.spark.data.annotation.ObjectSet;
import io.dropblock.spark.data.image.DetectionTransform;
import io.dropblock.spark.data.image.Jitter;
import io.dropblock.spark.data.image.Normalization;
import io.dropblock.spark.data.image.PlacedObjects;
import io.dropblock.spark.data.image.SegmentationTransform;
import io.dropblock.spark.data.kind.ClassLabelKind;
import io.dropblock.spark.data.shard.ImageRecord;
import io.dropblock.spark.data.shard.TestShards;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Feeds of detection and segmentation: 150 images of 40 x 30 pixels, 3 classes. */
class TargetsTest {
  private static final int IMAGES = 150;
  private static final int WIDTH = 40;
  private static final int HEIGHT = 30;
  private static final Jitter JITTER = new Jitter(true, 0.8, 1.2);
  private static final Preprocessing OBJECTS =
      ObjectPreprocessing.evaluation(DetectionTransform.training(48, JITTER));
  private static final Preprocessing MAPS =
      new LabelMapPreprocessing(SegmentationTransform.training(33, JITTER), 8);

  @TempDir Path temp;
  private Path folder;

  private static Annotation objects(int number) {
    Box box = new Box(number % 20, number % 15, 10 + number % 7, 5);
    return new ObjectSet(
        number,
        List.of(
            new ImageObject(2 * number, number % 3, box, 1, false, null),
            new ImageObject(2 * number + 1, 2, new Box(0, 0, 40, 30), 1, true, null)));
  }

  /** Column x has label (number + x) % 3, the last row is void. */
  private static Annotation map(int number) {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_BYTE_GRAY);
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        image.getRaster().setSample(x, y, 0, y == HEIGHT - 1 ? LabelMap.VOID : (number + x) % 3);
      }
    }
    return new LabelMap(TestImages.encode(image, "png"));
  }

  private FeedSource source(IntFunction<Annotation> annotation, Preprocessing preprocessing)
      throws IOException {
    folder = Files.createTempDirectory(temp, "data");
    List<ImageRecord> records = new ArrayList<>();
    for (int number = 0; number < IMAGES; number++) {
      byte[] bytes = TestImages.jpeg(WIDTH, HEIGHT, number);
      records.add(new ImageRecord(bytes, annotation.apply(number), "n" + number));
    }
    return new FeedSource(
        folder.toString(),
        TestShards.manifest(
            TestShards.kind(annotation.apply(0)),
            List.of(TestShards.write(folder, "train-00000.parquet", records, 64)),
            List.of(),
            3),
        Split.TRAIN,
        preprocessing,
        Normalization.IMAGENET);
  }

  private static List<Batch> feed(FeedSource source, EpochOrder order, int threads) {
    List<Batch> batches = new ArrayList<>();
    try (Feed feed =
        Feed.open(source, order, FeedSettings.of(threads, threads + 2), new Configuration())) {
      feed.forEachRemaining(batches::add);
    }
    return batches;
  }

  @Test
  void givesEachImageItsObjectsOnceOverTheRanks() throws IOException {
    FeedSource source =
        source(
            TargetsTest::objects,
            ObjectPreprocessing.evaluation(DetectionTransform.evaluation(WIDTH)));
    Set<Long> seen = new TreeSet<>();
    for (int rank = 0; rank < 3; rank++) {
      EpochOrder order = EpochOrder.sequential(source.blockSizes(), 3, rank, 8);
      for (Batch batch : feed(source, order, 2)) {
        for (PlacedObjects image : ((ObjectTargets) batch.targets()).images()) {
          int number = (int) image.imageId();
          assertThat(seen.add(image.imageId())).isTrue();
          assertThat(image.labels()).containsExactly(number % 3, 2);
          float top = number % 15;
          float left = number % 20;
          // The square ends at pixel 39, and its last one is where boxes are cut.
          assertThat(Arrays.copyOf(image.boxes(), 4))
              .containsExactly(top, left, top + 5, left + 10 + number % 7);
        }
      }
    }
    assertThat(seen).hasSize(IMAGES);
  }

  @Test
  void givesEachPixelItsLabel() throws IOException {
    FeedSource source =
        source(
            TargetsTest::map,
            new LabelMapPreprocessing(SegmentationTransform.evaluation(WIDTH), 1));
    int number = 0;
    for (Batch batch : feed(source, EpochOrder.sequential(source.blockSizes(), 1, 0, 8), 2)) {
      LabelMapTargets maps = (LabelMapTargets) batch.targets();
      assertThat(maps.side()).isEqualTo(WIDTH);
      for (int sample = 0; sample < maps.size(); sample++, number++) {
        for (int i = 0; i < WIDTH * WIDTH; i++) {
          int expected = i / WIDTH >= HEIGHT - 1 ? LabelMap.VOID : (number + i % WIDTH) % 3;
          assertThat(maps.labels()[sample * WIDTH * WIDTH + i] & 0xFF).isEqualTo(expected);
        }
      }
    }
    assertThat(number).isEqualTo(IMAGES);
  }

  @Test
  void keepsLabelsAtTheOutputStride() throws IOException {
    LabelMapPreprocessing whole =
        new LabelMapPreprocessing(SegmentationTransform.evaluation(33), 1);
    LabelMapPreprocessing strided =
        new LabelMapPreprocessing(SegmentationTransform.evaluation(33), 8);
    assertThat(strided.side()).isEqualTo(5);
    FeedSource all = source(TargetsTest::map, whole);
    EpochOrder order = EpochOrder.sequential(all.blockSizes(), 1, 0, 8);
    List<Batch> full = feed(all, order, 2);
    List<Batch> some = feed(source(TargetsTest::map, strided), order, 2);
    for (int batch = 0; batch < full.size(); batch++) {
      LabelMapTargets maps = (LabelMapTargets) some.get(batch).targets();
      byte[] labels = ((LabelMapTargets) full.get(batch).targets()).labels();
      assertThat(maps.side()).isEqualTo(5);
      assertThat(some.get(batch).pixels()).isEqualTo(full.get(batch).pixels());
      for (int i = 0; i < maps.labels().length; i++) {
        int row = i / 25 * 33 + i / 5 % 5 * 8;
        assertThat(maps.labels()[i]).isEqualTo(labels[row * 33 + i % 5 * 8]);
      }
    }
    assertThatThrownBy(() -> new LabelMapPreprocessing(SegmentationTransform.evaluation(33), 34))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid stride: 34 is not in 1 to 33");
  }

  @Test
  void isTheSameForOneThreadAndEight() throws IOException {
    FeedSource objects = source(TargetsTest::objects, OBJECTS);
    EpochOrder order = EpochOrder.shuffled(objects.blockSizes(), 5, 2, 2, 1, 8);
    List<Batch> one = feed(objects, order, 1);
    List<Batch> eight = feed(objects, order, 8);
    assertThat(one).hasSize(9);
    for (int i = 0; i < one.size(); i++) {
      assertThat(eight.get(i).pixels()).isEqualTo(one.get(i).pixels());
      assertThat(eight.get(i).targets()).usingRecursiveComparison().isEqualTo(one.get(i).targets());
    }
  }

  @Test
  void labelMapsAreTheSameForOneThreadAndEight() throws IOException {
    FeedSource maps = source(TargetsTest::map, MAPS);
    EpochOrder order = EpochOrder.shuffled(maps.blockSizes(), 5, 2, 2, 0, 8);
    List<Batch> one = feed(maps, order, 1);
    List<Batch> eight = feed(maps, order, 8);
    for (int i = 0; i < one.size(); i++) {
      assertThat(eight.get(i).pixels()).isEqualTo(one.get(i).pixels());
      assertThat(((LabelMapTargets) eight.get(i).targets()).labels())
          .isEqualTo(((LabelMapTargets) one.get(i).targets()).labels());
    }
  }

  @Test
  void refusesThePreprocessingOfAnotherTask() {
    assertThatThrownBy(() -> source(TargetsTest::objects, MAPS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Invalid source: preprocessing for segmentation, but the task of "
                + folder
                + " is detection");
  }

  @Test
  void namesARecordWhoseTargetCannotBe() throws IOException {
    ObjectSet stranger =
        new ObjectSet(1, List.of(new ImageObject(7, 3, new Box(0, 0, 1, 1), 1, false, null)));
    assertRefused(
        source(number -> number == 70 ? stranger : objects(number), OBJECTS),
        "label 3 of 3 classes");
    BufferedImage small = new BufferedImage(WIDTH, HEIGHT - 1, BufferedImage.TYPE_BYTE_GRAY);
    LabelMap other = new LabelMap(TestImages.encode(small, "png"));
    assertRefused(
        source(number -> number == 70 ? other : map(number), MAPS),
        "the label map has 40 x 29 pixels, the image 40 x 30");
    BufferedImage grey = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_BYTE_GRAY);
    // Where no label is kept.
    grey.getRaster().setSample(21, 15, 0, 3);
    LabelMap wrong = new LabelMap(TestImages.encode(grey, "png"));
    assertRefused(
        source(
            number -> number == 70 ? wrong : map(number),
            new LabelMapPreprocessing(SegmentationTransform.evaluation(WIDTH), 8)),
        "label 3 of 3 classes");
  }

  private void assertRefused(FeedSource source, String reason) {
    EpochOrder order = EpochOrder.sequential(source.blockSizes(), 1, 0, 8);
    assertThatThrownBy(() -> feed(source, order, 2))
        .isInstanceOf(DataException.class)
        .hasMessage("Cannot read image n70 in %s/train-00000.parquet: %s", folder, reason);
    assertThat(source.manifest().kind()).isNotEqualTo(new ClassLabelKind());
  }
}
