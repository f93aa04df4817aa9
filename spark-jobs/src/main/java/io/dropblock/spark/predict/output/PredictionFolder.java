package io.dropblock.spark.predict.output;

import com.fasterxml.jackson.core.JacksonException;
import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.shard.StoredJson;
import io.dropblock.spark.files.HadoopPath;
import io.dropblock.spark.files.UnfinishedFolder;
import io.dropblock.spark.text.Count;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The folder beside the output that predictions are written to first, by one process at a time. A
 * command that finds one of an earlier command, which was cut off, goes on with it. Closing it
 * deletes it, unless it became the output or holds a finished part.
 */
public final class PredictionFolder implements AutoCloseable {
  private final UnfinishedFolder folder;
  private final PredictionPlan plan;

  private PredictionFolder(UnfinishedFolder folder, PredictionPlan plan) {
    this.folder = folder;
    this.plan = plan;
  }

  /**
   * Opens the folder, which also proves that the output can be written.
   *
   * @throws DataException where the folder is there for other predictions
   * @throws IOException where the output exists or cannot be written, or another process writes it
   */
  public static PredictionFolder open(Path out, PredictionPlan plan, Configuration configuration)
      throws IOException {
    FileSystem files = HadoopPath.fileSystem(out, configuration);
    UnfinishedFolder folder = UnfinishedFolder.open(files, out, "predict");
    try {
      return new PredictionFolder(folder, claim(new FinishedParts(files, folder.path()), plan));
    } catch (IOException | RuntimeException e) {
      try {
        folder.close();
      } catch (IOException more) {
        e.addSuppressed(more);
      }
      throw e;
    }
  }

  /** The plan that is in effect: an earlier command's where there are finished parts. */
  private static PredictionPlan claim(FinishedParts parts, PredictionPlan plan) throws IOException {
    FileSystem files = parts.fileSystem();
    Path file = HadoopPath.in(parts.notes(), FinishedParts.PLAN);
    int finished = parts.count();
    if (finished == 0) {
      files.delete(parts.folder(), true);
      if (!files.mkdirs(parts.notes())) {
        throw new IOException("cannot make the folder " + parts.notes());
      }
      StoredJson.write(files, file, plan);
      return plan;
    }
    PredictionPlan earlier = null;
    String difference;
    try {
      earlier = StoredJson.read(files, file, PredictionPlan.class);
      difference = plan.difference(earlier);
    } catch (JacksonException | FileNotFoundException e) {
      difference = file.getName() + " is missing or damaged";
    }
    if (difference != null) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "Cannot go on with %s: it holds %s of an unfinished prediction that differs (%s); use"
                  + " that again, or delete that folder",
              parts.folder(),
              Count.of(finished, "part"),
              difference));
    }
    return earlier;
  }

  /** What is predicted here. */
  public PredictionPlan plan() {
    return plan;
  }

  /** What is done of it. */
  public FinishedParts parts() {
    return new FinishedParts(folder.fileSystem(), folder.path());
  }

  /**
   * Makes it the output.
   *
   * @param whole its path, or that of the file in it that is the output
   */
  public void publish(Path whole) throws IOException {
    folder.publish(whole);
    if (whole.equals(folder.path())) {
      folder.fileSystem().delete(HadoopPath.in(folder.out(), FinishedParts.NOTES), true);
    }
  }

  @Override
  public void close() throws IOException {
    try (folder) {
      if (parts().count() == 0) {
        folder.discard();
      }
    }
  }
}
