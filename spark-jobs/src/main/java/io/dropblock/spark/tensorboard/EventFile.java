package io.dropblock.spark.tensorboard;

import io.dropblock.spark.files.HadoopPath;
import io.dropblock.spark.files.WholeFile;
import java.io.IOException;
import java.time.Instant;
import java.util.Locale;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.PathIOException;
import org.tensorflow.framework.Summary;

/**
 * An event file, {@code events.out.tfevents.<seconds>.<host>}. It can be read while it is written,
 * but for file systems that show a file when it is closed, such as S3.
 */
final class EventFile implements AutoCloseable {
  /** What the names of event files begin with. */
  static final String PREFIX = "events.out.tfevents.";

  private final FSDataOutputStream out;

  private EventFile(FSDataOutputStream out) {
    this.out = out;
  }

  /**
   * Begins a file.
   *
   * @param folder must exist
   * @param host of this machine
   * @throws IOException also in place of Hadoop's {@link FSError}
   */
  static EventFile create(FileSystem files, Path folder, Instant now, String host)
      throws IOException {
    try {
      Path path = free(files, folder, now.getEpochSecond(), host);
      EventFile file = new EventFile(files.create(path, false));
      file.write(TfEvent.version(now));
      return file;
    } catch (FSError e) {
      throw WholeFile.plain(e);
    }
  }

  /** A name of a later second where one is taken: two runs may begin in one. */
  private static Path free(FileSystem files, Path folder, long second, String host)
      throws IOException {
    for (long later = second; later < second + 60; later++) {
      // readers sort files by their names, so that the number has to have a fixed width
      String name = String.format(Locale.ROOT, "%s%010d.%s", PREFIX, later, host);
      Path path = HadoopPath.in(folder, name);
      if (!files.exists(path)) {
        return path;
      }
    }
    throw new PathIOException(folder.toString(), "has event files for the next minute");
  }

  /**
   * Writes what was measured.
   *
   * @param step of the run, from 1
   * @throws IOException also in place of Hadoop's {@link FSError}
   */
  void write(Instant now, long step, Summary summary) throws IOException {
    write(TfEvent.of(now, step, summary));
  }

  private void write(byte[] event) throws IOException {
    try {
      out.write(EventRecords.record(event));
      out.hflush();
    } catch (FSError e) {
      throw WholeFile.plain(e);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      out.close();
    } catch (FSError e) {
      throw WholeFile.plain(e);
    }
  }
}
