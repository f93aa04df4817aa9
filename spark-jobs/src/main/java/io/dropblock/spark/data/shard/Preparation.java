package io.dropblock.spark.data.shard;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.source.ImageListing;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Stores a raw data set as shards, by one Spark job with a task a shard.
 *
 * <p>All or nothing: everything is written to a folder beside the output and renamed at the end.
 * The shards depend on the listing, the images and the settings alone: the same ones give the same
 * bytes on any cluster, also where tasks are retried or run twice. A shard is short by the broken
 * images that were left out of it.
 */
public final class Preparation {
  private static final int NAMED_BROKEN = 5;

  private Preparation() {}

  /**
   * Prepares a data set.
   *
   * @param listing what to store; its paths must be readable from the executors
   * @param out the new folder, on any Hadoop file system that driver and executors share; must not
   *     exist
   * @return the manifest, as written
   * @throws DataException where the output exists or cannot be written (before any work), where
   *     images are broken and not skipped (all are looked at first, and the message names some), or
   *     where reading or writing fails; nothing is left behind
   */
  public static DatasetManifest run(
      JavaSparkContext spark, ImageListing listing, Path out, PreparationSettings settings) {
    try (Staging staging = Staging.create(out, spark.hadoopConfiguration())) {
      DatasetManifest manifest = write(spark, listing, staging, settings);
      staging.publish(manifest);
      return manifest;
    } catch (IOException e) {
      throw new DataException(
          "Cannot write data set to " + out + ": " + DataException.reason(e), e);
    }
  }

  private static DatasetManifest write(
      JavaSparkContext spark, ImageListing listing, Staging staging, PreparationSettings settings) {
    List<ShardPlan> plans = new ArrayList<>(ShardPlan.of(listing, Split.TRAIN, settings));
    plans.addAll(ShardPlan.of(listing, Split.VAL, settings));
    List<ShardTask.Result> results =
        runTasks(spark, plans, new ShardTask(staging.path().toString(), settings));
    List<BrokenImage> broken =
        results.stream()
            .flatMap(result -> result.broken().stream())
            .sorted(Comparator.comparing(BrokenImage::name))
            .toList();
    if (!broken.isEmpty() && !settings.skipBroken()) {
      throw new DataException(
          "Cannot prepare %s: %s".formatted(listing.source(), describe(broken)));
    }
    List<Shard> shards =
        results.stream().map(ShardTask.Result::shard).filter(shard -> shard != null).toList();
    List<Shard> train = of(shards, Split.TRAIN);
    if (train.isEmpty()) {
      throw new DataException(
          "Cannot prepare %s: no training image is left, %s"
              .formatted(listing.source(), describe(broken)));
    }
    return new DatasetManifest(
        DatasetManifest.FORMAT_VERSION,
        settings,
        listing.source(),
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        listing.classes(),
        broken,
        train,
        of(shards, Split.VAL));
  }

  private static List<ShardTask.Result> runTasks(
      JavaSparkContext spark, List<ShardPlan> plans, ShardTask task) {
    Broadcast<SerializableConfiguration> configuration =
        spark.broadcast(new SerializableConfiguration(spark.hadoopConfiguration()));
    spark.setJobDescription("prepare " + task.settings().name());
    try {
      return spark
          .parallelize(plans, Math.max(1, plans.size()))
          .map(
              plan ->
                  task.run(plan, configuration.value().value(), TaskContext.get().taskAttemptId()))
          .collect();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      // SparkException is checked, but Scala does not declare it.
      throw new DataException("Cannot prepare " + task.settings().name() + ": " + reason(e), e);
    } finally {
      spark.setJobDescription(null);
      configuration.destroy();
    }
  }

  private static String reason(Throwable e) {
    return e.getCause() == null ? DataException.reason(e) : reason(e.getCause());
  }

  private static List<Shard> of(List<Shard> shards, Split split) {
    return shards.stream().filter(shard -> shard.file().startsWith(split.word() + "-")).toList();
  }

  private static String describe(List<BrokenImage> broken) {
    String first =
        broken.stream()
            .limit(NAMED_BROKEN)
            .map(image -> image.name() + " (" + image.reason() + ")")
            .collect(Collectors.joining(", "));
    return "%d broken image%s: %s%s"
        .formatted(
            broken.size(),
            broken.size() == 1 ? "" : "s",
            first,
            broken.size() > NAMED_BROKEN ? ", ..." : "");
  }
}
