package io.dropblock.spark.data.prepare;

import com.fasterxml.jackson.core.JacksonException;
import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.data.shard.ManifestFile;
import io.dropblock.spark.data.shard.Shard;
import io.dropblock.spark.data.shard.StoredJson;
import io.dropblock.spark.files.FolderLock;
import io.dropblock.spark.files.HadoopPath;
import io.dropblock.spark.text.Count;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The folder beside the output that everything is written to first, by one process at a time. A run
 * that finds one of an earlier run, which was cut off, goes on with it. Closing it deletes it,
 * unless it became the output or holds a finished shard. On a file system whose rename is not
 * atomic (object stores) the manifest is still the last file that was written to it.
 */
final class Staging implements AutoCloseable {
  /** File that says what the folder is for. */
  static final String JOB = "job.json";

  private final FileSystem fileSystem;
  private final Path out;
  private final Path path;
  private final Path lowestExisting;
  private final FolderLock lock;

  private Staging(
      FileSystem fileSystem, Path out, Path path, Path lowestExisting, FolderLock lock) {
    this.fileSystem = fileSystem;
    this.out = out;
    this.path = path;
    this.lowestExisting = lowestExisting;
    this.lock = lock;
  }

  /**
   * Opens the folder, which also proves that the output can be written.
   *
   * @throws DataException where the output exists, or the folder is there for another job
   * @throws IOException where it cannot be written, or another process prepares the same output
   */
  static Staging open(Path out, PreparationJob job, Configuration configuration)
      throws IOException {
    FileSystem fileSystem = HadoopPath.fileSystem(out, configuration);
    requireFree(out, configuration);
    Path target = fileSystem.makeQualified(out);
    Path lowestExisting = target.getParent();
    while (!fileSystem.exists(lowestExisting) && !lowestExisting.isRoot()) {
      lowestExisting = lowestExisting.getParent();
    }
    Path path = HadoopPath.in(target.getParent(), "." + target.getName() + ".unfinished");
    Path lockFile = HadoopPath.in(target.getParent(), "." + target.getName() + ".lock");
    Staging staging = null;
    try {
      FolderLock lock = FolderLock.take(fileSystem, lockFile, "prepare");
      staging = new Staging(fileSystem, target, path, lowestExisting, lock);
      // Whoever had the lock before may have finished it.
      refuseExisting(fileSystem, target, out);
      Path notes = HadoopPath.in(path, FinishedShards.NOTES);
      if (!fileSystem.mkdirs(notes)) {
        throw new IOException("cannot make the folder " + notes);
      }
      claim(fileSystem, path, HadoopPath.in(notes, JOB), job);
      return staging;
    } catch (IOException | RuntimeException e) {
      try {
        if (staging == null) {
          deleteEmpty(fileSystem, target.getParent(), lowestExisting);
        } else {
          staging.close();
        }
      } catch (IOException more) {
        e.addSuppressed(more);
      }
      throw e;
    }
  }

  /**
   * Looks whether the output is one that can be written; writes nothing.
   *
   * @throws DataException where it is not
   */
  static void requireFree(Path out, Configuration configuration) throws IOException {
    FileSystem fileSystem = HadoopPath.fileSystem(out, configuration);
    Path target = fileSystem.makeQualified(out);
    if (target.isRoot()) {
      throw new DataException("Cannot write data set to " + out + ": it is the root folder");
    }
    refuseExisting(fileSystem, target, out);
  }

  private static void claim(FileSystem fileSystem, Path path, Path file, PreparationJob job)
      throws IOException {
    int finished = new FinishedShards(fileSystem, path).count();
    if (finished == 0) {
      fileSystem.delete(file, false);
      StoredJson.write(fileSystem, file, job);
      return;
    }
    String difference;
    try {
      difference = job.difference(StoredJson.read(fileSystem, file, PreparationJob.class));
    } catch (JacksonException | FileNotFoundException e) {
      difference = file.getName() + " is missing or damaged";
    }
    if (difference != null) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "Cannot go on with %s: it holds %s of an unfinished run with other settings (%s); use"
                  + " those again, or delete that folder",
              path,
              Count.of(finished, "shard"),
              difference));
    }
  }

  Path path() {
    return path;
  }

  FinishedShards shards() {
    return new FinishedShards(fileSystem, path);
  }

  /** Writes the manifest and makes this folder the output. */
  void publish(DatasetManifest manifest) throws IOException {
    lock.check();
    refuseLosses(manifest);
    ManifestFile.write(fileSystem, path, manifest);
    // Hadoop moves a folder into an existing one without complaint.
    refuseExisting(fileSystem, out, out);
    if (!fileSystem.rename(path, out)) {
      throw new IOException("cannot rename " + path);
    }
    fileSystem.delete(HadoopPath.in(out, FinishedShards.NOTES), true);
  }

  private void refuseLosses(DatasetManifest manifest) throws IOException {
    Map<String, Long> lengths = new HashMap<>();
    for (FileStatus status : fileSystem.listStatus(path)) {
      lengths.put(status.getPath().getName(), status.getLen());
    }
    for (Split split : Split.values()) {
      for (Shard shard : manifest.shards(split)) {
        if (!Long.valueOf(shard.bytes()).equals(lengths.get(shard.file()))) {
          throw new IOException(
              String.format(Locale.ROOT, "shard %s changed after it was written", shard.file()));
        }
      }
    }
  }

  private static void refuseExisting(FileSystem fileSystem, Path target, Path out)
      throws IOException {
    if (fileSystem.exists(target)) {
      throw new DataException("Cannot write data set to " + out + ": it exists already");
    }
  }

  @Override
  public void close() throws IOException {
    try (lock) {
      if (fileSystem.exists(path)) {
        shards().deleteTemporaries();
        if (shards().count() > 0) {
          return;
        }
        fileSystem.delete(path, true);
      }
    }
    deleteEmpty(fileSystem, out.getParent(), lowestExisting);
  }

  /** Folders that were made for the output go, unless they hold it or anything else. */
  private static void deleteEmpty(FileSystem fileSystem, Path from, Path lowestExisting)
      throws IOException {
    Path folder = from;
    while (!folder.equals(lowestExisting)
        && fileSystem.exists(folder)
        && fileSystem.listStatus(folder).length == 0) {
      fileSystem.delete(folder, false);
      folder = folder.getParent();
    }
  }
}
