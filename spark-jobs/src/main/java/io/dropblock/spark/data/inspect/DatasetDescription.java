package io.dropblock.spark.data.inspect;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.Histogram;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.kind.ClassTally;
import io.dropblock.spark.data.prepare.JobProgress;
import io.dropblock.spark.data.prepare.WatchedJob;
import io.dropblock.spark.data.shard.ClassCounts;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.data.shard.ManifestFile;
import io.dropblock.spark.data.shard.ShardHosts;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/**
 * What is in a stored data set, counted from its images.
 *
 * @param manifest as stored
 * @param train tally of the images to train on
 * @param val tally of the images to validate on
 * @param widths of all images, pixels
 * @param heights of all images, pixels
 * @param imageBytes of all images together
 * @param sheet images of random classes
 */
public record DatasetDescription(
    DatasetManifest manifest,
    ClassTally train,
    ClassTally val,
    Histogram widths,
    Histogram heights,
    long imageBytes,
    ContactSheet sheet) {

  /**
   * Reads all shards, and the images of the contact sheet again.
   *
   * @param dataset its folder, which the executors can read
   * @param sheetImages number of images on the contact sheet, 1 or more
   * @param seed of the choice of these
   * @param progress is told of shards that were read
   * @throws DataException where the data set is missing or damaged
   */
  public static DatasetDescription of(
      JavaSparkContext spark, Path dataset, int sheetImages, long seed, JobProgress progress) {
    DatasetManifest manifest = ManifestFile.read(dataset, spark.hadoopConfiguration());
    int classes = manifest.classes().size();
    // Twice as many as needed where every class has images, as some may have few or none.
    int perClass = (2 * sheetImages + classes - 1) / classes;
    List<StoredShard> shards = StoredShard.of(manifest);
    String folder = dataset.toString();
    ShardHosts hosts = new ShardHosts(dataset, spark.hadoopConfiguration());
    Broadcast<SerializableConfiguration> configuration =
        spark.broadcast(new SerializableConfiguration(spark.hadoopConfiguration()));
    try {
      WatchedJob job = new WatchedJob("describe " + folder, progress);
      List<ShardStatistics> read =
          job.run(
              spark,
              shards,
              stored -> hosts.of(stored.shard()),
              stored ->
                  ShardStatistics.read(
                      new Path(folder),
                      stored,
                      classes,
                      perClass,
                      seed,
                      configuration.value().value()));
      List<Pick> candidates = read.stream().flatMap(shard -> shard.picks.stream()).toList();
      List<Pick> picks = Pick.choose(candidates, classes, sheetImages, seed);
      List<Thumbnail> thumbnails =
          new WatchedJob("describe " + folder, JobProgress.NONE)
              .run(
                  spark,
                  picks,
                  pick -> Thumbnail.read(new Path(folder), pick, configuration.value().value()));
      return merge(
          manifest,
          shards,
          read,
          new ContactSheet(manifest.kind(), manifest.classes(), thumbnails));
    } finally {
      configuration.destroy();
    }
  }

  private static DatasetDescription merge(
      DatasetManifest manifest,
      List<StoredShard> shards,
      List<ShardStatistics> read,
      ContactSheet sheet) {
    Histogram widths = new Histogram();
    Histogram heights = new Histogram();
    long bytes = 0;
    for (ShardStatistics statistics : read) {
      widths.merge(statistics.widths);
      heights.merge(statistics.heights);
      bytes += statistics.imageBytes;
    }
    return new DatasetDescription(
        manifest,
        tally(manifest, shards, read, Split.TRAIN),
        tally(manifest, shards, read, Split.VAL),
        widths,
        heights,
        bytes,
        sheet);
  }

  private static ClassTally tally(
      DatasetManifest manifest, List<StoredShard> shards, List<ShardStatistics> read, Split split) {
    ClassTally sum = manifest.kind().tally(manifest.classes().size());
    for (int i = 0; i < shards.size(); i++) {
      if (shards.get(i).split() == split) {
        sum.merge(read.get(i).tally);
      }
    }
    return sum;
  }

  /** Counts of each class. */
  public ClassCounts counts() {
    return new ClassCounts(train.counts(), val.counts());
  }
}
