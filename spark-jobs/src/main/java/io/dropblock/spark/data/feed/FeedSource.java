package io.dropblock.spark.data.feed;

import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.image.Normalization;
import io.dropblock.spark.data.shard.DatasetManifest;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * What a feed reads and what it makes of it: plain data that the driver sends to the tasks.
 *
 * @param dataset the data set's folder, as a Hadoop path with its scheme where it has one
 * @param manifest of that data set
 * @param split which part of it
 * @param preprocessing from record to square and target; for the data set's task
 * @param normalization of the square
 */
public record FeedSource(
    String dataset,
    DatasetManifest manifest,
    Split split,
    Preprocessing preprocessing,
    Normalization normalization)
    implements Serializable {
  /** Checks that all is there and fits together. */
  public FeedSource {
    Objects.requireNonNull(dataset, "dataset is null");
    Objects.requireNonNull(manifest, "manifest is null");
    Objects.requireNonNull(split, "split is null");
    Objects.requireNonNull(preprocessing, "preprocessing is null");
    Objects.requireNonNull(normalization, "normalization is null");
    if (!preprocessing.kind().equals(manifest.kind())) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Invalid source: preprocessing for %s, but the task of %s is %s",
              preprocessing.kind().word(),
              dataset,
              manifest.kind().word()));
    }
  }

  /** Records in each block of the split: what {@link EpochOrder} is made from. */
  public List<Integer> blockSizes() {
    return manifest.blockSizes(split);
  }
}
