package io.dropblock.spark.report.page;

import io.dropblock.spark.files.HadoopPath;
import io.dropblock.spark.files.WholeFile;
import io.dropblock.spark.train.RunFolder;
import io.dropblock.spark.train.failure.TrainingException;
import io.dropblock.spark.train.failure.WriteFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Writes reports. */
public final class ReportFile {
  /** The name of a run's own. */
  public static final String NAME = "report.html";

  private ReportFile() {}

  /**
   * Writes a run's report into its folder, in place of an older one.
   *
   * @return the file
   * @throws TrainingException if the run cannot be read or the file not written
   */
  public static Path write(RunFolder run) {
    Path file = HadoopPath.in(run.path(), NAME);
    write(run.files(), file, List.of(ReportedRun.of(run)));
    return file;
  }

  /**
   * Writes a report on runs, in place of an older one.
   *
   * @throws TrainingException if it cannot be written
   */
  public static void write(FileSystem files, Path file, List<ReportedRun> runs) {
    try {
      WholeFile.replace(files, file, ReportPage.of(runs).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new TrainingException(
          "Cannot write report "
              + WriteFailure.address(files, file)
              + ": "
              + WriteFailure.reason(e),
          e);
    }
  }
}
