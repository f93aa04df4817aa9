package io.dropblock.spark.tensorboard;

import io.dropblock.spark.files.WholeFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The event files that a run left before it was cut off. */
final class FormerFiles {
  private FormerFiles() {}

  /**
   * Takes out of them what the run will do again, so that no step is there twice.
   *
   * @param done steps that are done and stay
   */
  static void cut(FileSystem files, Path folder, long done) throws IOException {
    FileStatus[] former =
        files.listStatus(folder, path -> path.getName().startsWith(EventFile.PREFIX));
    for (FileStatus status : former) {
      cut(files, status, done);
    }
  }

  private static void cut(FileSystem files, FileStatus status, long done) throws IOException {
    byte[] bytes;
    try (FSDataInputStream in = files.open(status.getPath())) {
      bytes = in.readAllBytes();
    }
    List<byte[]> records = EventRecords.read(bytes);
    ByteArrayOutputStream kept = new ByteArrayOutputStream();
    for (byte[] record : records) {
      if (TfEvent.step(record) <= done) {
        kept.write(EventRecords.record(record));
      }
    }
    if (kept.size() < bytes.length) {
      WholeFile.replace(files, status.getPath(), kept.toByteArray());
    }
  }
}
