package io.dropblock.spark.data.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.spark.data.LocalSpark;
import io.dropblock.spark.data.Pixels;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.image.CentreCrop;
import io.dropblock.spark.data.image.Normalization;
import io.dropblock.spark.data.image.PadCrop;
import io.dropblock.spark.data.prepare.Preparation;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.data.shard.ManifestFile;
import io.dropblock.spark.data.shard.PreparationSettings;
import io.dropblock.spark.data.source.ImageListing;
import io.dropblock.spark.data.source.folder.ImageFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole road on real images: tar, listing, shards, feed. */
class Cifar10RoadTest {
  @TempDir Path temp;

  @Test
  void fromTarToBatches() {
    Path tar =
        Path.of(System.getProperty("dropblock.test.data", "absent"), "cifar10-imagefolder.tar");
    Assumptions.assumeTrue(
        Files.exists(tar), "no CIFAR-10 at " + tar + " (system property dropblock.test.data)");
    Configuration configuration = new Configuration();
    ImageListing listing =
        ImageFolder.list(new org.apache.hadoop.fs.Path(tar.toString()), configuration);
    assertThat(listing.classes())
        .hasSize(10)
        .startsWith("airplane", "automobile")
        .endsWith("truck");
    assertThat(listing.train()).hasSize(8000);
    assertThat(listing.val()).hasSize(1500);

    org.apache.hadoop.fs.Path out = new org.apache.hadoop.fs.Path(temp + "/cifar10");
    try (JavaSparkContext spark = LocalSpark.start(2)) {
      long start = System.nanoTime();
      Preparation.run(spark, listing, out, PreparationSettings.of("cifar10", 0));
      System.out.printf(
          Locale.ROOT, "prepared 9500 images in %.1f s%n", (System.nanoTime() - start) / 1e9);
    }
    DatasetManifest manifest = ManifestFile.read(out, configuration);
    assertThat(manifest.train()).hasSize(8);
    assertThat(manifest.records(Split.TRAIN)).isEqualTo(8000);

    FeedSource val =
        new FeedSource(
            out.toString(),
            manifest,
            Split.VAL,
            new ClassPreprocessing(new CentreCrop(32)),
            Normalization.CIFAR10);
    try (Feed feed =
        Feed.open(
            val,
            EpochOrder.sequential(val.blockSizes(), 1, 0, 100),
            FeedSettings.of(1, 2),
            configuration)) {
      int[] counts = new int[10];
      double sum = 0;
      while (feed.hasNext()) {
        Batch batch = feed.next();
        for (int label : ((ClassTargets) batch.targets()).labels()) {
          counts[label]++;
        }
        for (float pixel : Pixels.of(batch.pixels())) {
          sum += pixel;
        }
      }
      assertThat(counts).containsOnly(150);
      // Normalised by the whole set's mean, so near 0 for a fair part of it.
      assertThat(sum / (1500.0 * 3072)).isCloseTo(0, within(0.1));
    }
    FeedSource train =
        new FeedSource(
            out.toString(),
            manifest,
            Split.TRAIN,
            new ClassPreprocessing(new PadCrop(32, 4, true)),
            Normalization.CIFAR10);
    for (int epoch = 0; epoch < 4; epoch++) {
      long start = System.nanoTime();
      EpochOrder order = EpochOrder.shuffled(train.blockSizes(), 0, epoch, 1, 0, 64);
      try (Feed feed = Feed.open(train, order, FeedSettings.of(1, 4), configuration)) {
        feed.forEachRemaining(batch -> assertThat(batch.size()).isEqualTo(64));
      }
      System.out.printf(
          Locale.ROOT,
          "epoch %d: %.0f images/s on one thread%n",
          epoch,
          8000 / ((System.nanoTime() - start) / 1e9));
    }
  }
}
