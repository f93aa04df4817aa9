package io.dropblock.spark.predict;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.files.FolderLock;
import io.dropblock.spark.files.HadoopPath;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Where predictions are written to: a folder beside the output, which becomes it when all is there,
 * and else is deleted. One process at a time.
 */
final class PredictionFolder implements AutoCloseable {
  /** As Spark and Hadoop have it: who finds it knows that all files are there. */
  private static final String SUCCESS = "_SUCCESS";

  private final FileSystem files;
  private final Path out;
  private final Path unfinished;
  private final FolderLock lock;

  private PredictionFolder(FileSystem files, Path out, Path unfinished, FolderLock lock) {
    this.files = files;
    this.out = out;
    this.unfinished = unfinished;
    this.lock = lock;
  }

  /** Makes it; deletes what a process left that died. */
  static PredictionFolder make(Path out, Configuration configuration) throws IOException {
    FileSystem files = HadoopPath.fileSystem(out, configuration);
    requireFree(files, out);
    Path above = files.makeQualified(out).getParent();
    if (!files.mkdirs(above)) {
      throw new IOException("cannot make the folder " + above);
    }
    Path lockFile = HadoopPath.in(above, "." + out.getName() + ".lock");
    FolderLock lock = FolderLock.take(files, lockFile, "predict");
    Path unfinished = HadoopPath.in(above, "." + out.getName() + ".unfinished");
    try {
      requireFree(files, out);
      files.delete(unfinished, true);
      if (!files.mkdirs(unfinished)) {
        throw new IOException("cannot make the folder " + unfinished);
      }
      return new PredictionFolder(files, out, unfinished, lock);
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  static void requireFree(FileSystem files, Path out) throws IOException {
    if (files.exists(out)) {
      throw new DataException(
          "Cannot write predictions to " + out + ": it exists already; take another --out");
    }
  }

  Path path() {
    return unfinished;
  }

  void publish() throws IOException {
    lock.check();
    files.create(HadoopPath.in(unfinished, SUCCESS), true).close();
    requireFree(files, out);
    if (!files.rename(unfinished, out)) {
      throw new IOException("cannot rename " + unfinished);
    }
  }

  @Override
  public void close() throws IOException {
    try (lock) {
      files.delete(unfinished, true);
    }
  }
}
