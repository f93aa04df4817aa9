package io.dropblock.spark.data.inspect;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.prepare.JobProgress;
import io.dropblock.spark.data.prepare.WatchedJob;
import io.dropblock.spark.data.shard.ClassCounts;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.data.shard.ManifestFile;
import io.dropblock.spark.data.shard.Shard;
import io.dropblock.spark.data.shard.ShardHosts;
import io.dropblock.spark.files.HadoopPath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Checks that a stored data set is as it was written: its manifest, and of each shard the length,
 * the SHA-256, the page checksums, the number of records, that each image decodes, that each
 * annotation fits its image and the classes. Reads all of it.
 */
public final class DatasetCheck {
  private DatasetCheck() {}

  /**
   * Checks a data set.
   *
   * @param dataset its folder, which the executors can read
   * @param progress is told of checked shards
   * @throws DataException where the manifest itself is missing, malformed or of another version
   */
  public static CheckReport run(JavaSparkContext spark, Path dataset, JobProgress progress) {
    DatasetManifest manifest = ManifestFile.readAlone(dataset, spark.hadoopConfiguration());
    List<StoredShard> shards = StoredShard.of(manifest);
    List<ShardCheck.Result> results =
        check(spark, dataset, manifest.classes().size(), shards, progress);
    List<Damage> damages =
        new ArrayList<>(strangers(dataset, manifest, spark.hadoopConfiguration()));
    results.forEach(result -> damages.addAll(result.damages()));
    // Counts are wrong by what is damaged.
    if (damages.isEmpty() && manifest.counts() != null) {
      compare(manifest, count(shards, results, manifest.classes().size()), damages);
    }
    long records = results.stream().mapToLong(ShardCheck.Result::records).sum();
    return new CheckReport(shards.size(), records, damages);
  }

  private static List<ShardCheck.Result> check(
      JavaSparkContext spark,
      Path dataset,
      int classes,
      List<StoredShard> shards,
      JobProgress progress) {
    Broadcast<SerializableConfiguration> configuration =
        spark.broadcast(new SerializableConfiguration(spark.hadoopConfiguration()));
    String folder = dataset.toString();
    ShardHosts hosts = new ShardHosts(dataset, spark.hadoopConfiguration());
    try {
      return new WatchedJob("check " + folder, progress)
          .run(
              spark,
              shards,
              stored -> hosts.of(stored.shard()),
              stored ->
                  ShardCheck.run(new Path(folder), stored, classes, configuration.value().value()));
    } finally {
      configuration.destroy();
    }
  }

  /** Parquet files that the manifest does not know. */
  private static List<Damage> strangers(
      Path dataset, DatasetManifest manifest, Configuration configuration) {
    Set<String> known = new HashSet<>();
    for (Split split : Split.values()) {
      manifest.shards(split).stream().map(Shard::file).forEach(known::add);
    }
    try {
      List<Damage> damages = new ArrayList<>();
      for (FileStatus status : HadoopPath.fileSystem(dataset, configuration).listStatus(dataset)) {
        String name = status.getPath().getName();
        if (name.endsWith(".parquet") && !known.contains(name)) {
          damages.add(new Damage(name, null, "the manifest does not know it"));
        }
      }
      return damages;
    } catch (IOException e) {
      throw new DataException("Cannot check " + dataset + ": " + DataException.reason(e), e);
    }
  }

  private static ClassCounts count(
      List<StoredShard> shards, List<ShardCheck.Result> results, int classes) {
    long[][] counts = new long[Split.values().length][classes];
    for (int i = 0; i < shards.size(); i++) {
      long[] split = counts[shards.get(i).split().ordinal()];
      for (int label = 0; label < classes; label++) {
        split[label] += results.get(i).counts().get(label);
      }
    }
    return new ClassCounts(
        Arrays.stream(counts[Split.TRAIN.ordinal()]).boxed().toList(),
        Arrays.stream(counts[Split.VAL.ordinal()]).boxed().toList());
  }

  private static void compare(DatasetManifest manifest, ClassCounts found, List<Damage> damages) {
    for (Split split : Split.values()) {
      List<Long> said = manifest.counts().of(split);
      for (int label = 0; label < said.size(); label++) {
        long counted = found.of(split).get(label);
        if (said.get(label) != counted) {
          damages.add(
              new Damage(
                  ManifestFile.NAME,
                  null,
                  String.format(
                      Locale.ROOT,
                      "it counts %d of class %s in %s, but there are %d",
                      said.get(label),
                      manifest.classes().get(label),
                      split.word(),
                      counted)));
        }
      }
    }
  }
}
