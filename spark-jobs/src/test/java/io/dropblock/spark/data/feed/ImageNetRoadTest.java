package io.dropblock.spark.data.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.LocalSpark;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.image.BrokenImageException;
import io.dropblock.spark.data.image.CentreCrop;
import io.dropblock.spark.data.image.Image;
import io.dropblock.spark.data.image.ImageDecoder;
import io.dropblock.spark.data.image.Normalization;
import io.dropblock.spark.data.kind.ClassLabelKind;
import io.dropblock.spark.data.prepare.Preparation;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.data.shard.ImageRecord;
import io.dropblock.spark.data.shard.PreparationSettings;
import io.dropblock.spark.data.shard.ShardReader;
import io.dropblock.spark.data.shard.TestShards;
import io.dropblock.spark.data.source.ImageListing;
import io.dropblock.spark.data.source.imagenet.Ilsvrc2012;
import io.dropblock.spark.data.source.imagenet.ValidationLabels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real images of ImageNet in their original tars, to shards and to a batch. */
class ImageNetRoadTest {
  private static final Path SAMPLE =
      Path.of(System.getProperty("dropblock.test.data", "absent"), "ilsvrc2012-sample");

  private static JavaSparkContext spark;

  @TempDir Path temp;

  @BeforeAll
  static void start() {
    Assumptions.assumeTrue(
        Files.exists(SAMPLE),
        "no ImageNet sample at " + SAMPLE + " (system property dropblock.test.data)");
    spark = LocalSpark.start(2);
  }

  @AfterAll
  static void stop() {
    if (spark != null) {
      spark.close();
    }
  }

  @Test
  void fromTarsToBatches() throws BrokenImageException {
    ImageListing listing = list(SAMPLE);
    assertThat(listing.classes()).hasSize(120).startsWith("n01514668", "n01534433").isSorted();
    assertThat(listing.train()).hasSize(120);
    assertThat(listing.val()).hasSize(40);
    assertThat(listing.ignored()).isZero();

    DatasetManifest manifest =
        Preparation.run(
            spark, listing, hadoop(temp.resolve("data")), PreparationSettings.of("imagenet", 0));
    assertThat(manifest.broken()).isEmpty();
    assertThat(manifest.classes()).isEqualTo(listing.classes());
    Map<String, ImageRecord> train = records(manifest, Split.TRAIN);
    Map<String, ImageRecord> val = records(manifest, Split.VAL);
    assertThat(train).hasSize(120);
    train.forEach(
        (name, record) ->
            assertThat(name)
                .startsWith("train/" + listing.classes().get(TestShards.label(record)) + "/"));
    // The validation images are those of the first 40 classes, in order.
    assertThat(val.values().stream().map(TestShards::label))
        .containsExactlyElementsOf(IntStream.range(0, 40).boxed().toList());

    // Means of red, green and blue of the whole image by Pillow 9.4.0 with libjpeg-turbo 2.1.
    assertMeans(train.get("train/n01514668/n01514668_1.JPEG"), 500, 349, 114.632, 132.727, 74.178);
    assertMeans(train.get("train/n03388043/n03388043_1.JPEG"), 500, 371, 111.927, 111.927, 111.927);
    assertMeans(train.get("train/n03982430/n03982430_1.JPEG"), 500, 375, 67.312, 59.065, 46.102);
    assertMeans(val.get("val/ILSVRC2012_val_00000040.JPEG"), 750, 505, 114.904, 119.065, 104.133);
    assertThat(val.get("val/ILSVRC2012_val_00000001.JPEG").bytes())
        .isEqualTo(train.get("train/n01514668/n01514668_1.JPEG").bytes());

    FeedSource source =
        new FeedSource(
            hadoop(temp.resolve("data")).toString(),
            manifest,
            Split.VAL,
            new ClassPreprocessing(new CentreCrop(224)),
            Normalization.IMAGENET);
    try (Feed feed =
        Feed.open(
            source,
            EpochOrder.sequential(source.blockSizes(), 1, 0, 40),
            FeedSettings.of(1, 2),
            new Configuration())) {
      assertThat(((ClassTargets) feed.next().targets()).labels())
          .containsExactly(IntStream.range(0, 40).toArray());
    }
  }

  @Test
  void noticesATrainingTarThatIsCutShort() throws IOException {
    for (String name :
        List.of("ILSVRC2012_img_val.tar", "imagenet_2012_validation_synset_labels.txt")) {
      Files.copy(SAMPLE.resolve(name), temp.resolve(name));
    }
    byte[] whole = Files.readAllBytes(SAMPLE.resolve("ILSVRC2012_img_train.tar"));
    Files.write(temp.resolve("ILSVRC2012_img_train.tar"), Arrays.copyOf(whole, whole.length / 2));
    assertThatThrownBy(() -> list(temp))
        .isInstanceOf(DataException.class)
        .hasMessageMatching(
            "Cannot read .*ILSVRC2012_img_train.tar as a tar: at byte \\d+ 'n\\d{8}.tar' should have .* cut short");
  }

  private static ImageListing list(Path folder) {
    ValidationLabels labels = Ilsvrc2012.labels(hadoop(folder), new Configuration());
    return Ilsvrc2012.list(spark, hadoop(folder), labels);
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

  private Map<String, ImageRecord> records(DatasetManifest manifest, Split split) {
    Map<String, ImageRecord> records = new TreeMap<>();
    manifest
        .shards(split)
        .forEach(
            shard -> {
              try (ShardReader reader =
                  ShardReader.open(
                      hadoop(temp.resolve("data")),
                      shard,
                      new ClassLabelKind(),
                      new Configuration())) {
                for (int block = 0; block < shard.blocks().size(); block++) {
                  reader.block(block).forEach(record -> records.put(record.name(), record));
                }
              }
            });
    return records;
  }

  private static org.apache.hadoop.fs.Path hadoop(Path path) {
    return new org.apache.hadoop.fs.Path(path.toString());
  }
}
