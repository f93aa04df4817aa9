package io.dropblock.spark.predict;

import io.dropblock.nn.NetworkState;
import io.dropblock.spark.cluster.JobLabel;
import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.prepare.JobProgress;
import io.dropblock.spark.data.prepare.WatchedJob;
import io.dropblock.spark.files.HadoopPath;
import io.dropblock.spark.files.WholeFile;
import io.dropblock.spark.objective.picture.Exhibit;
import io.dropblock.spark.predict.source.ImagePart;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
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
 *
 * @param network the network
 * @param inference how it is asked
 * @param settings what the user chose
 * @param progress is told of parts that are done
 */
public record PredictionJob(
    NetworkState network, Inference inference, PredictionSettings settings, JobProgress progress) {

  /**
   * What was done.
   *
   * @param images rows that were written
   * @param broken those without a prediction
   * @param examples some of these, for people: a line each
   * @param pictures of the first that are not broken
   */
  public record Result(long images, long broken, List<String> examples, List<Exhibit> pictures) {}

  /**
   * Looks, before anything starts, whether the output can be written.
   *
   * @throws DataException where it exists
   */
  public static void requireFree(Path out, Configuration configuration) {
    try {
      PredictionFolder.requireFree(HadoopPath.fileSystem(out, configuration), out);
    } catch (IOException e) {
      throw failure(out, e);
    }
  }

  /**
   * Runs it.
   *
   * @param out the new folder, on any Hadoop file system that driver and executors share
   * @throws DataException where the output exists or cannot be written, where images cannot be read
   *     from where they lie, or, by {@link PredictionSettings#strict}, where one is broken
   */
  public Result run(JavaSparkContext spark, List<ImagePart> parts, Path out) {
    Broadcast<NetworkState> broadcast = spark.broadcast(network);
    try (PredictionFolder folder = PredictionFolder.make(out, spark.hadoopConfiguration())) {
      PartTask task =
          new PartTask(
              broadcast,
              inference,
              settings,
              new SerializableConfiguration(spark.hadoopConfiguration()),
              folder.path().toString());
      List<PartResult> results =
          new WatchedJob(new JobLabel("prediction", "predict", "predict images"), progress)
              .run(spark, numbered(parts), task);
      folder.publish();
      return new Result(
          results.stream().mapToLong(PartResult::images).sum(),
          results.stream().mapToLong(PartResult::broken).sum(),
          results.stream()
              .flatMap(result -> result.examples().stream())
              .limit(PartResult.MOST_EXAMPLES)
              .toList(),
          results.stream().flatMap(result -> result.pictures().stream()).toList());
    } catch (IOException | FSError e) {
      throw failure(out, e);
    } finally {
      broadcast.destroy();
    }
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

  private static DataException failure(Path out, Throwable e) {
    return new DataException(
        "Cannot write predictions to " + out + ": " + DataException.reason(WholeFile.plain(e)), e);
  }
}
