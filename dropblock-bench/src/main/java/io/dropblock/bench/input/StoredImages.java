package io.dropblock.bench.input;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.feed.Batch;
import io.dropblock.spark.data.feed.ClassPreprocessing;
import io.dropblock.spark.data.feed.EpochOrder;
import io.dropblock.spark.data.feed.Feed;
import io.dropblock.spark.data.feed.FeedSettings;
import io.dropblock.spark.data.feed.FeedSource;
import io.dropblock.spark.data.image.Normalization;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.data.shard.ImageRecord;
import io.dropblock.spark.data.shard.ManifestFile;
import io.dropblock.spark.data.shard.Shard;
import io.dropblock.spark.data.shard.ShardReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** The training images of a prepared data set: read block by block, or fed. */
final class StoredImages {
  /** More are not held in memory. */
  private static final int SOME = 1024;

  private static final int PREFETCH = 2;

  private final InputPlan plan;
  private final Configuration configuration = new Configuration();
  private final DatasetManifest manifest;
  private long epoch;

  private StoredImages(InputPlan plan) {
    this.plan = plan;
    this.manifest = ManifestFile.read(new Path(plan.data()), configuration);
    long images = manifest.records(Split.TRAIN);
    if (images < plan.batch()) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "Cannot measure on %s: it has %d images to train on, fewer than a batch of %d",
              plan.data(),
              images,
              plan.batch()));
    }
  }

  static StoredImages open(InputPlan plan) {
    return new StoredImages(plan);
  }

  long images() {
    return manifest.records(Split.TRAIN);
  }

  /** The first images, at least one and at most about a thousand. */
  List<ImageRecord> some() {
    List<ImageRecord> records = new ArrayList<>();
    for (Shard shard : manifest.train()) {
      try (ShardReader reader = open(shard)) {
        for (int block = 0; block < shard.blocks().size() && records.size() < SOME; block++) {
          records.addAll(reader.block(block));
        }
      }
    }
    return records.subList(0, Math.min(records.size(), SOME));
  }

  /** Reads every shard once, on this thread. */
  long read() {
    long images = 0;
    for (Shard shard : manifest.train()) {
      try (ShardReader reader = open(shard)) {
        for (int block = 0; block < shard.blocks().size(); block++) {
          images += reader.block(block).size();
        }
      }
    }
    return images;
  }

  private ShardReader open(Shard shard) {
    return ShardReader.open(new Path(plan.data()), shard, manifest.kind(), configuration);
  }

  /** Feeds an epoch to nobody; batches are given back as training does. */
  long feed() {
    FeedSource source =
        new FeedSource(
            plan.data(),
            manifest,
            Split.TRAIN,
            new ClassPreprocessing(plan.transform()),
            Normalization.IMAGENET);
    EpochOrder order = EpochOrder.shuffled(source.blockSizes(), 1, epoch++, 1, 0, plan.batch());
    FeedSettings settings = FeedSettings.of(plan.threads(), plan.threads() + PREFETCH);
    long images = 0;
    try (Feed feed = Feed.open(source, order, settings, configuration)) {
      while (feed.hasNext()) {
        Batch batch = feed.next();
        images += batch.size();
        feed.giveBack(batch);
      }
    }
    return images;
  }
}
