package io.dropblock.spark.predict;

import io.dropblock.nn.NetworkState;
import io.dropblock.spark.cluster.JobLabel;
import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.prepare.JobProgress;
import io.dropblock.spark.data.prepare.WatchedJob;
import io.dropblock.spark.data.shard.BrokenImage;
import io.dropblock.spark.files.HadoopPath;
import io.dropblock.spark.files.UnfinishedFolder;
import io.dropblock.spark.files.WholeFile;
import io.dropblock.spark.objective.picture.Exhibit;
import io.dropblock.spark.predict.output.PartNote;
import io.dropblock.spark.predict.output.PredictionFolder;
import io.dropblock.spark.predict.output.PredictionPlan;
import io.dropblock.spark.predict.source.ImagePart;
import io.dropblock.spark.predict.source.ImageSource;
import io.dropblock.spark.text.Count;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Asks a network about many images: one Spark job, a task for each part of them, whose number does
 * not depend on that of the ranks. All or nothing: the output is there when all images are done. A
 * task whose executor is lost is run again elsewhere; what is written does not change by that.
 * Parts that are done when the driver dies, or the job fails, are not done again by the next one.
 *
 * @param network the network
 * @param inference how it is asked
 * @param format what is written, one of the inference's
 * @param settings what the user chose
 * @param progress is told of parts that are done
 */
public record PredictionJob(
    NetworkState network,
    Inference inference,
    PredictionFormat format,
    PredictionSettings settings,
    JobProgress progress) {
  static final int MOST_EXAMPLES = 5;

  /**
   * What was done.
   *
   * @param images that were looked at
   * @param broken those without a prediction
   * @param examples some of these, for people: a line each
   * @param list the file that names all of these, where the output has no place for them
   * @param pictures of the first that are not broken
   */
  public record Result(
      long images,
      long broken,
      List<String> examples,
      Optional<Path> list,
      List<Exhibit> pictures) {}

  /**
   * Looks, before anything starts, whether the output can be written.
   *
   * @throws DataException where it exists
   */
  public static void requireFree(Path out, Configuration configuration) {
    try {
      UnfinishedFolder.requireFree(HadoopPath.fileSystem(out, configuration), out);
    } catch (IOException e) {
      throw new DataException(
          "Cannot write predictions to " + out + ": " + e.getMessage() + "; take another --out", e);
    }
  }

  /**
   * Looks, before anything starts, whether the format has a place for each image.
   *
   * @throws DataException where it does not, as far as can be told by then
   */
  public void requireKeys(ImageSource source) {
    ImageKeys.require(format, source);
  }

  /**
   * Runs it, or goes on with what one that was cut off left beside the output.
   *
   * @param out the new folder, or file, on any Hadoop file system that driver and executors share
   * @throws DataException where the output exists or cannot be written, where other predictions to
   *     it are unfinished, where images cannot be read from where they lie, or, by {@link
   *     PredictionSettings#strict}, where one is broken
   */
  public Result run(JavaSparkContext spark, ImageSource source, PredictionPlan plan, Path out) {
    Broadcast<NetworkState> broadcast = spark.broadcast(network);
    try (PredictionFolder folder = PredictionFolder.open(out, plan, spark.hadoopConfiguration())) {
      try {
        return run(spark, source, folder, broadcast, out);
      } catch (DataException e) {
        int finished = folder.parts().count();
        throw finished == 0 ? e : unfinished(e, finished, folder.parts().folder());
      }
    } catch (IOException | FSError e) {
      throw new DataException(
          "Cannot write predictions to " + out + ": " + DataException.reason(WholeFile.plain(e)),
          e);
    } finally {
      broadcast.destroy();
      FoldedNetworks.forget();
    }
  }

  private static DataException unfinished(DataException e, int finished, Path folder) {
    return new DataException(
        String.format(
            Locale.ROOT,
            "%s; the same command goes on with %s in %s",
            e.getMessage(),
            Count.of(finished, "finished part"),
            folder),
        e);
  }

  private Result run(
      JavaSparkContext spark,
      ImageSource source,
      PredictionFolder folder,
      Broadcast<NetworkState> broadcast,
      Path out)
      throws IOException {
    List<NumberedPart> parts = numbered(source.parts().of(folder.plan().partImages()));
    Map<String, PartNote> notes =
        folder
            .parts()
            .sweep(
                // What is drawn of a part is not kept.
                parts.stream().filter(it -> it.pictures() == 0).map(NumberedPart::name).toList(),
                note -> note.broken() == 0 || !settings.strict());
    List<NumberedPart> left = parts.stream().filter(it -> !notes.containsKey(it.name())).toList();
    PartTask task =
        new PartTask(
            broadcast,
            inference,
            format,
            settings,
            new SerializableConfiguration(spark.hadoopConfiguration()),
            folder.parts().folder().toString());
    List<PartResult> results =
        new WatchedJob(
                new JobLabel("prediction", "predict", "predict images"),
                progress.behind(notes.size()))
            .run(spark, left, task);
    for (int i = 0; i < results.size(); i++) {
      notes.put(left.get(i).name(), results.get(i).note());
    }
    List<PartNote> all = parts.stream().map(part -> notes.get(part.name())).toList();
    ImageKeys keys = new ImageKeys(format);
    all.forEach(note -> keys.addAll(note.keys()));
    Path whole = format.finish(folder.parts(), all);
    Optional<Path> list = format.tellsBroken() ? Optional.empty() : list(folder, all, out);
    folder.publish(whole);
    return new Result(
        all.stream().mapToLong(PartNote::images).sum(),
        all.stream().mapToLong(PartNote::broken).sum(),
        all.stream()
            .flatMap(note -> note.named().stream())
            .limit(MOST_EXAMPLES)
            .map(image -> image.name() + ": " + image.reason())
            .toList(),
        list,
        results.stream().flatMap(result -> result.pictures().stream()).toList());
  }

  /** Names the broken images beside the output; deletes what names an earlier output's. */
  private static Optional<Path> list(PredictionFolder folder, List<PartNote> notes, Path out)
      throws IOException {
    Path list = HadoopPath.in(out.getParent(), out.getName() + ".broken.txt");
    StringBuilder lines = new StringBuilder();
    for (PartNote note : notes) {
      for (BrokenImage image : note.named()) {
        lines.append(line(image.name())).append('\t').append(line(image.reason())).append('\n');
      }
    }
    if (lines.isEmpty()) {
      folder.parts().fileSystem().delete(list, false);
      return Optional.empty();
    }
    WholeFile.replace(
        folder.parts().fileSystem(), list, lines.toString().getBytes(StandardCharsets.UTF_8));
    return Optional.of(list);
  }

  /** Names may have line breaks in them. */
  private static String line(String text) {
    return text.replace("\t", "\\t").replace("\r", "\\r").replace("\n", "\\n");
  }

  private List<NumberedPart> numbered(List<ImagePart> parts) {
    List<NumberedPart> numbered = new ArrayList<>();
    long pictures = settings.pictures();
    for (ImagePart part : parts) {
      int drawn = (int) Math.min(pictures, part.images());
      numbered.add(new NumberedPart(numbered.size(), part, drawn));
      pictures -= drawn;
    }
    return numbered;
  }
}
