package io.dropblock.spark.data.prepare;

import com.fasterxml.jackson.core.JacksonException;
import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.kind.AnnotationKind;
import io.dropblock.spark.data.shard.PreparationSettings;
import io.dropblock.spark.data.shard.Shard;
import io.dropblock.spark.data.shard.ShardReader;
import io.dropblock.spark.data.shard.StoredJson;
import io.dropblock.spark.files.HadoopPath;
import io.dropblock.spark.files.WholeFile;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The shards of a staging folder that need not be made again. Each has a small file with its {@link
 * ShardResult} in the folder {@value #NOTES}, renamed to its name after the shard was.
 */
record FinishedShards(FileSystem fileSystem, Path staging) {
  /** Holds what is no part of the data set: notes on finished shards, and unfinished files. */
  static final String NOTES = "_preparation";

  private static final String NOTE = ".json";
  private static final String TEMPORARY = "_";

  /** Where an attempt of a task writes to before it renames. */
  Path temporary(String file, String attempt) {
    return HadoopPath.in(notes(), TEMPORARY + file + "." + attempt);
  }

  /**
   * Notes that a shard, which has its final name, is finished.
   *
   * @throws DataException that names the shard, if the note cannot be written
   */
  void add(String file, ShardResult result, String attempt) throws IOException {
    Path temporary = temporary(file + NOTE, attempt);
    try {
      StoredJson.write(fileSystem, temporary, result);
      rename(temporary, note(file));
    } catch (IOException | FSError e) {
      throw new DataException(
          "Cannot write shard "
              + HadoopPath.in(staging, file)
              + ": "
              + DataException.reason(WholeFile.plain(e)),
          e);
    } finally {
      fileSystem.delete(temporary, false);
    }
  }

  /** Renames, unless another attempt of this task was first: what it wrote is the same. */
  void rename(Path temporary, Path target) throws IOException {
    if (!fileSystem.exists(target)
        && !fileSystem.rename(temporary, target)
        && !fileSystem.exists(target)) {
      throw new IOException("Cannot rename " + temporary + " to " + target);
    }
  }

  /**
   * Finds the shards that an earlier run finished as these plans have them, and deletes all other
   * files. On the driver, before any task runs.
   *
   * @return results by the name of the shard
   */
  Map<String, ShardResult> sweep(
      List<ShardPlan> plans,
      PreparationSettings settings,
      AnnotationKind kind,
      Configuration configuration)
      throws IOException {
    Map<String, ShardResult> finished = new HashMap<>();
    Set<String> keep = new HashSet<>(Set.of(NOTES, Staging.JOB));
    for (ShardPlan plan : plans) {
      ShardResult result = read(plan.file());
      if (result != null
          && plan.fingerprint(settings).equals(result.fingerprint())
          && (settings.skipBroken() || result.broken().isEmpty())
          && isWhole(result.shard(), kind, configuration)) {
        finished.put(plan.file(), result);
        keep.add(plan.file());
        keep.add(note(plan.file()).getName());
      }
    }
    for (Path folder : List.of(staging, notes())) {
      for (FileStatus status : fileSystem.listStatus(folder)) {
        if (!keep.contains(status.getPath().getName())) {
          fileSystem.delete(status.getPath(), true);
        }
      }
    }
    return finished;
  }

  /** Deletes what tasks have left that were cut off. */
  void deleteTemporaries() throws IOException {
    for (FileStatus status : fileSystem.listStatus(notes())) {
      if (status.getPath().getName().startsWith(TEMPORARY)) {
        fileSystem.delete(status.getPath(), false);
      }
    }
  }

  boolean isFinished(String file) throws IOException {
    return fileSystem.exists(note(file));
  }

  /** Number of notes. */
  int count() throws IOException {
    int count = 0;
    for (FileStatus status : fileSystem.listStatus(notes())) {
      String name = status.getPath().getName();
      count += name.endsWith(".parquet" + NOTE) ? 1 : 0;
    }
    return count;
  }

  private ShardResult read(String file) throws IOException {
    Path note = note(file);
    if (!fileSystem.exists(note)) {
      return null;
    }
    try {
      return StoredJson.read(fileSystem, note, ShardResult.class);
    } catch (JacksonException e) {
      return null;
    }
  }

  /** Whether length and footer are those that were noted; null is a shard without records. */
  private boolean isWhole(Shard shard, AnnotationKind kind, Configuration configuration) {
    if (shard == null) {
      return true;
    }
    try {
      ShardReader.open(staging, shard, kind, configuration).close();
      return true;
    } catch (DataException e) {
      return false;
    }
  }

  private Path notes() {
    return HadoopPath.in(staging, NOTES);
  }

  private Path note(String file) {
    return HadoopPath.in(notes(), file + NOTE);
  }
}
