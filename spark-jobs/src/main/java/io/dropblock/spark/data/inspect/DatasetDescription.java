package io.dropblock.spark.data.inspect;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.shard.ClassCounts;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.data.shard.JobProgress;
import io.dropblock.spark.data.shard.LabelPixels;
import io.dropblock.spark.data.shard.ManifestFile;
import io.dropblock.spark.data.shard.ShardHosts;
import io.dropblock.spark.data.shard.WatchedJob;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/**
 * What is in a stored data set, counted from its images.
 *
 * @param manifest as stored
 * @param counts of each class, as {@code ClassTally} counts
 * @param trainPixels of the label maps to train on; none for other tasks
 * @param valPixels of the label maps to validate on
 * @param trainObjects in the images to train on; none for other tasks
 * @param valObjects in the images to validate on
 * @param widths of all images, pixels
 * @param heights of all images, pixels
 * @param imageBytes of all images together
 * @param sheet images of random classes
 */
public record DatasetDescription(
    DatasetManifest manifest,
    ClassCounts counts,
    LabelPixels trainPixels,
    LabelPixels valPixels,
    ObjectStatistics trainObjects,
    ObjectStatistics valObjects,
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
      return merge(manifest, shards, read, new ContactSheet(manifest.classes(), thumbnails));
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
    ClassCounts counts =
        new ClassCounts(
            counts(manifest, shards, read, Split.TRAIN), counts(manifest, shards, read, Split.VAL));
    return new DatasetDescription(
        manifest,
        counts,
        pixels(manifest, shards, read, Split.TRAIN),
        pixels(manifest, shards, read, Split.VAL),
        objects(shards, read, Split.TRAIN),
        objects(shards, read, Split.VAL),
        widths,
        heights,
        bytes,
        sheet);
  }

  private static LabelPixels pixels(
      DatasetManifest manifest, List<StoredShard> shards, List<ShardStatistics> read, Split split) {
    LabelPixels sum = LabelPixels.none(manifest.classes().size());
    for (int i = 0; i < shards.size(); i++) {
      sum = shards.get(i).split() == split ? sum.plus(read.get(i).pixels) : sum;
    }
    return sum;
  }

  private static ObjectStatistics objects(
      List<StoredShard> shards, List<ShardStatistics> read, Split split) {
    ObjectStatistics sum = new ObjectStatistics();
    for (int i = 0; i < shards.size(); i++) {
      if (shards.get(i).split() == split) {
        sum.merge(read.get(i).objects);
      }
    }
    return sum;
  }

  private static List<Long> counts(
      DatasetManifest manifest, List<StoredShard> shards, List<ShardStatistics> read, Split split) {
    long[] counts = new long[manifest.classes().size()];
    for (int i = 0; i < shards.size(); i++) {
      if (shards.get(i).split() == split) {
        List<Long> more = read.get(i).counts;
        Arrays.setAll(counts, label -> counts[label] + more.get(label));
      }
    }
    return new ArrayList<>(Arrays.stream(counts).boxed().toList());
  }
}
