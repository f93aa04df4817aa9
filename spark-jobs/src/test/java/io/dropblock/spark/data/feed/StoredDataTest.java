package io.dropblock.spark.data.feed;

import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.image.ImageTransform;
import io.dropblock.spark.data.image.Normalization;
import io.dropblock.spark.data.image.PadCrop;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.data.shard.ImageRecord;
import io.dropblock.spark.data.shard.TestShards;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * A stored data set of 300 training images in blocks of 64, 64, 64, 8 and 64, 36, and 70 for
 * evaluation.
 */
abstract class StoredDataTest {
  static final ImageTransform AUGMENT = new PadCrop(16, 2, true);

  @TempDir Path folder;
  FeedSource source;
  List<ImageRecord> records;

  @BeforeEach
  void store() throws IOException {
    records = TestShards.records("train", 300, 5);
    DatasetManifest manifest =
        TestShards.manifest(
            List.of(
                TestShards.write(folder, "train-00000.parquet", records.subList(0, 200), 64),
                TestShards.write(folder, "train-00001.parquet", records.subList(200, 300), 64)),
            List.of(
                TestShards.write(
                    folder, "val-00000.parquet", TestShards.records("val", 70, 5), 64)),
            5);
    source =
        new FeedSource(
            folder.toString(),
            manifest,
            Split.TRAIN,
            new ClassPreprocessing(AUGMENT),
            Normalization.IMAGENET);
  }

  EpochOrder order(long epoch, int world, int rank, int localBatch) {
    return EpochOrder.shuffled(source.blockSizes(), 11, epoch, world, rank, localBatch);
  }

  Feed open(EpochOrder order, FeedSettings settings) {
    return Feed.open(source, order, settings, new Configuration());
  }
}
