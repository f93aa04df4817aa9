package io.dropblock.spark.data.prepare;

import com.fasterxml.jackson.core.JacksonException;
import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.data.shard.ManifestFile;
import io.dropblock.spark.data.shard.Shard;
import io.dropblock.spark.data.shard.StoredJson;
import io.dropblock.spark.files.HadoopPath;
import io.dropblock.spark.files.UnfinishedFolder;
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
 * The folder beside the output that a data set is written to first. A run that finds one of an
 * earlier run, which was cut off, goes on with it. Closing it deletes it, unless it became the
 * output or holds a finished shard. On a file system whose rename is not atomic (object stores) the
 * manifest is still the last file that was written to it.
 */
final class Staging implements AutoCloseable {
  /** File that says what the folder is for. */
  static final String JOB = "job.json";

  private final UnfinishedFolder folder;

  private Staging(UnfinishedFolder folder) {
    this.folder = folder;
  }

  /**
   * Opens the folder, which also proves that the output can be written.
   *
   * @throws DataException where the folder is there for another job
   * @throws IOException where the output exists or cannot be written, or another process prepares
   *     the same output
   */
  static Staging open(Path out, PreparationJob job, Configuration configuration)
      throws IOException {
    FileSystem fileSystem = HadoopPath.fileSystem(out, configuration);
    Staging staging = new Staging(UnfinishedFolder.open(fileSystem, out, "prepare"));
    try {
      Path notes = HadoopPath.in(staging.path(), FinishedShards.NOTES);
      if (!fileSystem.mkdirs(notes)) {
        throw new IOException("cannot make the folder " + notes);
      }
      claim(fileSystem, staging.path(), HadoopPath.in(notes, JOB), job);
      return staging;
    } catch (IOException | RuntimeException e) {
      try {
        staging.close();
      } catch (IOException more) {
        e.addSuppressed(more);
      }
      throw e;
    }
  }

  /**
   * Looks whether the output is one that can be written; writes nothing.
   *
   * @throws IOException where it is not
   */
  static void requireFree(Path out, Configuration configuration) throws IOException {
    UnfinishedFolder.requireFree(HadoopPath.fileSystem(out, configuration), out);
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
    return folder.path();
  }

  FinishedShards shards() {
    return new FinishedShards(folder.fileSystem(), folder.path());
  }

  /** Writes the manifest and makes this folder the output. */
  void publish(DatasetManifest manifest) throws IOException {
    folder.check();
    refuseLosses(manifest);
    ManifestFile.write(folder.fileSystem(), folder.path(), manifest);
    folder.publish(folder.path());
    folder.fileSystem().delete(HadoopPath.in(folder.out(), FinishedShards.NOTES), true);
  }

  private void refuseLosses(DatasetManifest manifest) throws IOException {
    Map<String, Long> lengths = new HashMap<>();
    for (FileStatus status : folder.fileSystem().listStatus(folder.path())) {
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

  @Override
  public void close() throws IOException {
    try (folder) {
      if (folder.fileSystem().exists(folder.path())) {
        shards().deleteTemporaries();
        if (shards().count() == 0) {
          folder.discard();
        }
      }
    }
  }
}
