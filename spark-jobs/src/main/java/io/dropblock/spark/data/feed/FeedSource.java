package io.dropblock.spark.data.feed;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.image.Normalization;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.data.shard.ManifestFile;
import io.dropblock.spark.files.AddressException;
import io.dropblock.spark.files.HadoopPath;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

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

  /**
   * Reads the manifest of a prepared data set.
   *
   * @param dataset its folder, with or without a scheme; a relative one begins at the working
   *     folder
   * @param configuration to open file systems with, such as {@code
   *     JavaSparkContext.hadoopConfiguration()}
   * @throws AddressException if there is no such file system
   * @throws DataException if there is no manifest, it is malformed, or a shard is missing or of
   *     another length
   * @throws IllegalArgumentException if the preprocessing is for another task than the data set
   */
  public static FeedSource open(
      String dataset,
      Split split,
      Preprocessing preprocessing,
      Normalization normalization,
      Configuration configuration) {
    Path folder = HadoopPath.of(dataset, configuration);
    return new FeedSource(
        folder.toString(),
        ManifestFile.read(folder, configuration),
        split,
        preprocessing,
        normalization);
  }

  /** Classes of the data set. */
  public int classes() {
    return manifest.classes().size();
  }

  /** Records in each block of the split: what {@link EpochOrder} is made from. */
  public List<Integer> blockSizes() {
    return manifest.blockSizes(split);
  }
}
