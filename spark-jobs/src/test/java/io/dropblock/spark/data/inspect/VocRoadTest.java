package io.dropblock.spark.data.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.spark.data.LocalSpark;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.annotation.LabelMap;
import io.dropblock.spark.data.feed.EpochOrder;
import io.dropblock.spark.data.feed.Feed;
import io.dropblock.spark.data.feed.FeedSettings;
import io.dropblock.spark.data.feed.FeedSource;
import io.dropblock.spark.data.feed.LabelMapPreprocessing;
import io.dropblock.spark.data.feed.LabelMapTargets;
import io.dropblock.spark.data.image.BrokenImageException;
import io.dropblock.spark.data.image.Image;
import io.dropblock.spark.data.image.ImageDecoder;
import io.dropblock.spark.data.image.LabelImage;
import io.dropblock.spark.data.image.Normalization;
import io.dropblock.spark.data.image.SegmentationTransform;
import io.dropblock.spark.data.kind.LabelMapKind;
import io.dropblock.spark.data.kind.LabelMapTally;
import io.dropblock.spark.data.kind.LabelPixels;
import io.dropblock.spark.data.prepare.JobProgress;
import io.dropblock.spark.data.prepare.Preparation;
import io.dropblock.spark.data.shard.ClassCounts;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.data.shard.ImageRecord;
import io.dropblock.spark.data.shard.PreparationSettings;
import io.dropblock.spark.data.shard.Shard;
import io.dropblock.spark.data.shard.ShardReader;
import io.dropblock.spark.data.source.ImageListing;
import io.dropblock.spark.data.source.voc.TestVoc;
import io.dropblock.spark.data.source.voc.Voc2012;
import io.dropblock.spark.data.source.voc.VocTraining;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real images and label maps in the layout of VOC 2012, stored, counted and fed. All numbers are by
 * Pillow 12.3.0 and NumPy 2.4.6: {@code numpy.bincount(numpy.array(Image.open(png)).ravel())} of
 * the palette's indices, and means of {@code Image.open(jpg)}.
 */
class VocRoadTest {
  private static final Path SAMPLE =
      Path.of(System.getProperty("dropblock.test.data", "absent"), "voc-mini");

  private static final ClassCounts IMAGES =
      new ClassCounts(
          List.of(
              63L, 1L, 2L, 2L, 2L, 10L, 3L, 9L, 2L, 12L, 1L, 14L, 7L, 1L, 1L, 36L, 6L, 1L, 2L, 2L,
              5L),
          List.of(
              63L, 2L, 1L, 2L, 5L, 13L, 2L, 7L, 2L, 10L, 1L, 12L, 3L, 1L, 4L, 39L, 6L, 2L, 2L, 2L,
              4L));

  private static final LabelPixels TRAIN =
      new LabelPixels(
          List.of(
              12764774L, 9975L, 15428L, 28955L, 45537L, 56073L, 67073L, 125667L, 143936L, 126628L,
              104674L, 1432026L, 47983L, 8505L, 118224L, 1607317L, 41484L, 51323L, 102927L, 220098L,
              43470L),
          390563);

  private static final LabelPixels VAL =
      new LabelPixels(
          List.of(
              12885992L, 20536L, 48100L, 35516L, 66809L, 73980L, 90265L, 59548L, 45624L, 149770L,
              892L, 1281852L, 98175L, 13453L, 42868L, 1421405L, 100704L, 128719L, 59502L, 122856L,
              180547L),
          304091);

  private static JavaSparkContext spark;

  @TempDir Path temp;

  @BeforeAll
  static void start() {
    Assumptions.assumeTrue(
        Files.exists(SAMPLE), "no VOC at " + SAMPLE + " (system property dropblock.test.data)");
    spark = LocalSpark.start(2);
  }

  @AfterAll
  static void stop() {
    if (spark != null) {
      spark.close();
    }
  }

  @Test
  void countsWhatPillowAndNumpyCount() {
    DatasetManifest manifest = prepare(SAMPLE, "data");
    assertThat(manifest.broken()).isEmpty();
    assertThat(manifest.counts()).isEqualTo(IMAGES);
    assertThat(DatasetCheck.run(spark, path("data"), JobProgress.NONE).damages()).isEmpty();
    DatasetDescription description =
        DatasetDescription.of(spark, path("data"), 30, 1, JobProgress.NONE);
    assertThat(description.counts()).isEqualTo(IMAGES);
    assertThat(((LabelMapTally) description.train()).pixels()).isEqualTo(TRAIN);
    assertThat(((LabelMapTally) description.val()).pixels()).isEqualTo(VAL);
    assertThat(description.widths().min()).isEqualTo(333);
    assertThat(description.widths().max()).isEqualTo(640);
    assertThat(description.heights().min()).isEqualTo(304);
    assertThat(description.heights().max()).isEqualTo(640);
    assertThat(description.sheet().thumbnails())
        .hasSize(30)
        .extracting(Thumbnail::label)
        .doesNotContain(0);
  }

  @Test
  void keepsImagesAndLabelsTogether() throws BrokenImageException {
    DatasetManifest manifest = prepare(SAMPLE, "data");
    Map<String, ImageRecord> train = records(manifest, Split.TRAIN);
    Map<String, ImageRecord> val = records(manifest, Split.VAL);
    assertThat(train).hasSize(63);
    assertThat(val).hasSize(64);
    ImageRecord kitchen = train.get("train/000000000790.jpg");
    assertMeans(kitchen, 640, 422, 114.72, 83.342, 59.907);
    assertLabels(
        kitchen,
        Map.of(0, 94172, 5, 443, 9, 7882, 11, 63156, 12, 4842, 15, 70485, 16, 18042, 255, 11058));
    ImageRecord dog = train.get("train/000000030752.jpg");
    assertMeans(dog, 640, 426, 203.01, 203.255, 207.879);
    assertLabels(dog, Map.of(0, 246695, 12, 4663, 15, 18556, 255, 2726));
    ImageRecord room = val.get("val/000000000139.jpg");
    assertMeans(room, 640, 426, 133.51, 106.876, 71.101);
    assertLabels(
        room, Map.of(0, 239427, 9, 4483, 11, 1653, 15, 2845, 16, 354, 20, 18325, 255, 5553));
  }

  @Test
  void theTarGivesTheSameShards() throws IOException {
    Path tar = TestVoc.tar(SAMPLE, temp.resolve("VOCtrainval_11-May-2012.tar"));
    assertThat(prepare(tar, "packed").identity()).isEqualTo(prepare(SAMPLE, "data").identity());
  }

  @Test
  void feedsEveryPixelOnce() {
    DatasetManifest manifest = prepare(SAMPLE, "data");
    // No image is larger, so each is as it was, and void beside it.
    int side = 640;
    FeedSource source =
        new FeedSource(
            path("data").toString(),
            manifest,
            Split.VAL,
            new LabelMapPreprocessing(SegmentationTransform.evaluation(side), 1),
            Normalization.IMAGENET);
    long[] pixels = new long[256];
    EpochOrder order = EpochOrder.sequential(source.blockSizes(), 1, 0, 8);
    try (Feed feed = Feed.open(source, order, FeedSettings.of(1, 1), new Configuration())) {
      feed.forEachRemaining(
          batch -> {
            for (byte label : ((LabelMapTargets) batch.targets()).labels()) {
              pixels[label & 0xFF]++;
            }
            feed.giveBack(batch);
          });
    }
    assertThat(Arrays.stream(pixels, 0, 21).boxed().toList()).isEqualTo(VAL.classes());
    assertThat(pixels[255]).isEqualTo(VAL.voids() + 64L * side * side - VAL.total());
  }

  private DatasetManifest prepare(Path source, String out) {
    ImageListing listing =
        Voc2012.list(
            new org.apache.hadoop.fs.Path(source.toString()), VocTraining.OWN, new Configuration());
    return Preparation.run(spark, listing, path(out), PreparationSettings.of("voc", 1));
  }

  private static void assertMeans(ImageRecord record, int width, int height, double... means)
      throws BrokenImageException {
    Image image = ImageDecoder.decode(record.bytes());
    assertThat(image.width()).isEqualTo(width);
    assertThat(image.height()).isEqualTo(height);
    for (int channel = 0; channel < 3; channel++) {
      long sum = 0;
      for (int i = channel; i < image.rgb().length; i += 3) {
        sum += image.rgb()[i] & 0xFF;
      }
      assertThat((double) sum / (width * height)).isCloseTo(means[channel], within(0.5));
    }
  }

  private static void assertLabels(ImageRecord record, Map<Integer, Integer> pixels)
      throws BrokenImageException {
    Map<Integer, Integer> found = new TreeMap<>();
    LabelImage labels = LabelImage.decode(((LabelMap) record.annotation()).png());
    for (byte label : labels.labels()) {
      found.merge(label & 0xFF, 1, Integer::sum);
    }
    assertThat(found).isEqualTo(pixels);
  }

  private Map<String, ImageRecord> records(DatasetManifest manifest, Split split) {
    Map<String, ImageRecord> records = new TreeMap<>();
    for (Shard shard : manifest.shards(split)) {
      try (ShardReader reader =
          ShardReader.open(path("data"), shard, new LabelMapKind(), new Configuration())) {
        for (int block = 0; block < shard.blocks().size(); block++) {
          reader.block(block).forEach(record -> records.put(record.name(), record));
        }
      }
    }
    return records;
  }

  private org.apache.hadoop.fs.Path path(String name) {
    return new org.apache.hadoop.fs.Path(temp.resolve(name).toString());
  }
}
