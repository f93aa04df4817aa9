package io.dropblock.spark.data.prepare;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.shard.BrokenImage;
import io.dropblock.spark.data.shard.ClassCounts;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.data.shard.PreparationSettings;
import io.dropblock.spark.data.shard.Shard;
import io.dropblock.spark.data.source.ImageFile;
import io.dropblock.spark.data.source.ImageListing;
import io.dropblock.spark.files.WholeFile;
import io.dropblock.spark.text.Count;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores a raw data set as shards, by one Spark job with a task a shard.
 *
 * <p>All or nothing: everything is written to a folder beside the output and renamed at the end. A
 * run that was cut off leaves its finished shards in that folder, {@code .NAME.unfinished}, and the
 * next one with the same source and settings does not make them again.
 *
 * <p>The shards depend on the listing, the images and the settings alone: the same ones give the
 * same bytes on any cluster, also where tasks are retried or run twice, or a run goes on with
 * another's. A shard is short by the broken images that were left out of it.
 */
public final class Preparation {
  private static final Logger LOG = LoggerFactory.getLogger(Preparation.class);
  private static final int NAMED_BROKEN = 5;

  /** As Linux and HDFS say it. */
  private static final Pattern FULL =
      Pattern.compile("No space left|[Qq]uota|could only be written to 0 of");

  private Preparation() {}

  /** Prepares a data set and tells nobody how far it has come. */
  public static DatasetManifest run(
      JavaSparkContext spark, ImageListing listing, Path out, PreparationSettings settings) {
    return run(spark, listing, out, settings, JobProgress.NONE);
  }

  /**
   * Prepares a data set.
   *
   * @param listing what to store; its paths must be readable from the executors, and its images
   *     must not change before the data set is finished
   * @param out the new folder, on any Hadoop file system that driver and executors share; must not
   *     exist
   * @param progress is told of finished shards, first of those of an earlier run
   * @return the manifest, as written
   * @throws DataException where images are to be resized and what is known of them would not fit
   *     any more, where the output exists or cannot be written (before any work), where an earlier
   *     run to it with other settings is unfinished, where images are broken and not skipped (all
   *     are looked at first, and the message names some), where no image to train on shows a class,
   *     or where reading or writing fails; nothing but finished shards is left behind
   */
  public static DatasetManifest run(
      JavaSparkContext spark,
      ImageListing listing,
      Path out,
      PreparationSettings settings,
      JobProgress progress) {
    if (settings.resize() != null && !listing.kind().fitsAnySize()) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "Cannot resize the images of %s: their annotations would not fit, as its task is %s",
              listing.source(),
              listing.kind().word()));
    }
    if (!listing.leftOut().isEmpty() && !settings.skipBroken()) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "Cannot prepare %s: %s",
              listing.source(),
              describe(leftOut(listing), "broken entry", "broken entries")));
    }
    PreparationJob job = PreparationJob.of(listing.source(), settings);
    try (Staging staging = Staging.open(out, job, spark.hadoopConfiguration())) {
      try {
        DatasetManifest manifest = write(spark, listing, staging, settings, progress);
        staging.publish(manifest);
        return manifest;
      } catch (DataException e) {
        int finished = staging.shards().count();
        if (finished == 0) {
          throw e;
        }
        throw new DataException(
            String.format(
                Locale.ROOT,
                "%s; the same command goes on with %s in %s",
                e.getMessage(),
                Count.of(finished, "finished shard"),
                staging.path()),
            e);
      }
    } catch (IOException | FSError e) {
      throw new DataException(
          "Cannot write data set to " + out + ": " + DataException.reason(WholeFile.plain(e)), e);
    }
  }

  /**
   * Looks, before anything starts, whether a data set can have its output; writes nothing.
   *
   * @throws DataException where the output exists or cannot be reached
   */
  public static void requireFree(Path out, Configuration configuration) {
    try {
      Staging.requireFree(out, configuration);
    } catch (IOException e) {
      throw new DataException(
          "Cannot write data set to " + out + ": " + DataException.reason(e), e);
    }
  }

  private static DatasetManifest write(
      JavaSparkContext spark,
      ImageListing listing,
      Staging staging,
      PreparationSettings settings,
      JobProgress progress)
      throws IOException {
    List<ShardPlan> plans = new ArrayList<>(ShardPlan.of(listing, Split.TRAIN, settings));
    plans.addAll(ShardPlan.of(listing, Split.VAL, settings));
    Map<String, ShardResult> results =
        staging.shards().sweep(plans, settings, listing.kind(), spark.hadoopConfiguration());
    int reused = results.size();
    List<ShardPlan> left =
        plans.stream().filter(plan -> !results.containsKey(plan.file())).toList();
    ShardTask task =
        new ShardTask(
            staging.path().toString(), settings, listing.kind(), listing.classes().size());
    List<ShardResult> made;
    try {
      made = runTasks(spark, left, task, progress.behind(reused));
    } catch (DataException e) {
      throw FULL.matcher(e.getMessage()).find() ? full(e, left, staging.shards(), settings) : e;
    }
    for (int i = 0; i < made.size(); i++) {
      results.put(left.get(i).file(), made.get(i));
    }
    return manifest(
        listing, settings, plans.stream().map(plan -> results.get(plan.file())).toList());
  }

  /** Says how much room the rest takes; what smaller images will take is not known. */
  private static DataException full(
      DataException e, List<ShardPlan> plans, FinishedShards finished, PreparationSettings settings)
      throws IOException {
    long bytes = 0;
    for (ShardPlan plan : plans) {
      if (!finished.isFinished(plan.file())) {
        bytes += plan.images().stream().mapToLong(ImageFile::length).sum();
      }
    }
    String room =
        settings.resize() == null
            ? String.format(Locale.ROOT, "%.1f MB", Math.max(bytes / 1e6, .1))
            : "some room";
    return new DataException(
        String.format(Locale.ROOT, "%s; free %s or choose another --out", e.getMessage(), room), e);
  }

  private static DatasetManifest manifest(
      ImageListing listing, PreparationSettings settings, List<ShardResult> results) {
    List<BrokenImage> broken =
        Stream.concat(
                leftOut(listing).stream(),
                results.stream().flatMap(result -> result.broken().stream()))
            .sorted(Comparator.comparing(BrokenImage::name))
            .toList();
    if (!broken.isEmpty() && !settings.skipBroken()) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "Cannot prepare %s: %s",
              listing.source(),
              describe(broken, "broken image", "broken images")));
    }
    OddImages.note(results).ifPresent(LOG::warn);
    List<Shard> train = of(results, Split.TRAIN).map(ShardResult::shard).toList();
    if (train.isEmpty()) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "Cannot prepare %s: no training image is left, %s",
              listing.source(),
              describe(broken, "broken image", "broken images")));
    }
    ClassCounts counts =
        new ClassCounts(
            counts(results, Split.TRAIN, listing.classes().size()),
            counts(results, Split.VAL, listing.classes().size()));
    if (counts.train().stream().allMatch(count -> count == 0)) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "Cannot prepare %s: no training image shows one of its classes%s",
              listing.source(),
              broken.isEmpty() ? "" : ", " + describe(broken, "broken image", "broken images")));
    }
    return new DatasetManifest(
        DatasetManifest.FORMAT_VERSION,
        listing.kind(),
        settings,
        listing.source(),
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        listing.classes(),
        broken,
        train,
        of(results, Split.VAL).map(ShardResult::shard).toList(),
        counts,
        listing.categoryIds().isEmpty() ? null : listing.categoryIds());
  }

  private static List<ShardResult> runTasks(
      JavaSparkContext spark, List<ShardPlan> plans, ShardTask task, JobProgress progress) {
    Broadcast<SerializableConfiguration> configuration =
        spark.broadcast(new SerializableConfiguration(spark.hadoopConfiguration()));
    // Spark counts attempts from 0 in each application.
    UUID run = UUID.randomUUID();
    try {
      return new WatchedJob("prepare " + task.settings().name(), progress)
          .run(
              spark,
              plans,
              plan ->
                  task.run(
                      plan,
                      configuration.value().value(),
                      run + "-" + TaskContext.get().taskAttemptId()));
    } finally {
      configuration.destroy();
    }
  }

  private static Stream<ShardResult> of(List<ShardResult> results, Split split) {
    return results.stream()
        .filter(result -> result.shard() != null)
        .filter(result -> result.shard().file().startsWith(split.word() + "-"));
  }

  private static List<Long> counts(List<ShardResult> results, Split split, int classes) {
    long[] counts = new long[classes];
    of(results, split)
        .forEach(
            result -> {
              for (int label = 0; label < Math.min(classes, result.counts().size()); label++) {
                counts[label] += result.counts().get(label);
              }
            });
    return Arrays.stream(counts).boxed().toList();
  }

  private static List<BrokenImage> leftOut(ImageListing listing) {
    return listing.leftOut().stream()
        .map(entry -> new BrokenImage(entry.name(), entry.reason()))
        .toList();
  }

  private static String describe(List<BrokenImage> broken, String one, String several) {
    String first =
        broken.stream()
            .limit(NAMED_BROKEN)
            .map(image -> image.name() + " (" + image.reason() + ")")
            .collect(Collectors.joining(", "));
    return Count.of(broken.size(), one, several)
        + ": "
        + first
        + (broken.size() > NAMED_BROKEN ? ", ..." : "");
  }
}
