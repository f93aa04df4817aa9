package io.dropblock.spark.train.failure;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.files.WholeFile;
import java.util.Locale;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** What people are told where something of a run cannot be written. */
public final class WriteFailure {
  private WriteFailure() {}

  /**
   * The end of the run, in one line.
   *
   * @param what it is, such as "checkpoint"
   * @param path where, in the file system
   * @param failure an {@link java.io.IOException}, or Hadoop's error of a local disk
   */
  public static TrainingException of(String what, FileSystem files, Path path, Throwable failure) {
    String reason = reason(failure);
    return new TrainingException(
        String.format(
            Locale.ROOT,
            "Cannot write %s %s: %s; %s and use --resume",
            what,
            address(files, path),
            reason,
            isFull(reason) ? "free space" : "mend it"),
        failure);
  }

  /** Where something is: on which file system, unless it is the local one. */
  public static String address(FileSystem files, Path path) {
    return files.getUri().getScheme().equals("file")
        ? path.toString()
        : files.makeQualified(path).toString();
  }

  /** In one line. */
  public static String reason(Throwable failure) {
    return DataException.reason(WholeFile.plain(failure));
  }

  /** As Linux, and as HDFS. */
  public static boolean isFull(String reason) {
    String text = reason.toLowerCase(Locale.ROOT);
    return text.contains("no space left") || text.contains("quota");
  }
}
