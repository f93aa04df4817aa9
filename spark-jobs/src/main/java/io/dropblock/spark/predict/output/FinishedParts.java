package io.dropblock.spark.predict.output;

import com.fasterxml.jackson.core.JacksonException;
import io.dropblock.spark.data.shard.StoredJson;
import io.dropblock.spark.files.HadoopPath;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The parts of an unfinished folder that need not be made again. Each has a {@link PartNote} in the
 * folder {@value #NOTES}, which is written when all its files have their names.
 *
 * @param fileSystem of the folder
 * @param folder the unfinished one
 */
public record FinishedParts(FileSystem fileSystem, Path folder) {
  /** Holds what is no prediction: notes, and unfinished files. */
  public static final String NOTES = "_prediction";

  static final String PLAN = "job.json";
  private static final String NOTE = ".note.json";
  private static final String TEMPORARY = "_";

  /** What lies in the folder. */
  public Path file(String name) {
    return HadoopPath.in(folder, name);
  }

  /** Where an attempt of a task writes a file before it renames it. */
  public Path temporary(String name, String attempt) {
    return HadoopPath.in(
        notes(), TEMPORARY + name.substring(name.lastIndexOf('/') + 1) + "." + attempt);
  }

  /** Renames, unless another attempt of this task was first: what it wrote is the same. */
  public WrittenFile rename(Path temporary, String name) throws IOException {
    Path target = file(name);
    if (!fileSystem.exists(target)
        && !fileSystem.rename(temporary, target)
        && !fileSystem.exists(target)) {
      throw new IOException("cannot rename " + temporary + " to " + target);
    }
    return new WrittenFile(name, fileSystem.getFileStatus(target).getLen());
  }

  /** Notes that a part is finished. */
  public void add(String part, PartNote note) throws IOException {
    try {
      StoredJson.write(fileSystem, note(part), note);
    } catch (IOException e) {
      // Another attempt of this task may have been first.
      if (!fileSystem.exists(note(part))) {
        throw e;
      }
    }
  }

  /**
   * Finds the parts that an earlier run finished, and deletes all other files. On the driver,
   * before any task runs.
   *
   * @param parts their names
   * @param wanted whether a finished one is as it should be now
   * @return notes by the name of the part
   */
  public Map<String, PartNote> sweep(Iterable<String> parts, Predicate<PartNote> wanted)
      throws IOException {
    Map<String, Long> there = new HashMap<>();
    for (FileStatus status : fileSystem.listStatus(folder)) {
      there.put(status.getPath().getName(), status.getLen());
    }
    for (FileStatus status : fileSystem.listStatus(notes())) {
      there.put(NOTES + "/" + status.getPath().getName(), status.getLen());
    }
    Map<String, PartNote> finished = new HashMap<>();
    Set<String> keep = new HashSet<>(Set.of(NOTES, NOTES + "/" + PLAN));
    for (String part : parts) {
      String name = NOTES + "/" + note(part).getName();
      PartNote note = there.containsKey(name) ? read(part) : null;
      if (note != null && isWhole(note, there) && wanted.test(note)) {
        finished.put(part, note);
        keep.add(name);
        note.files().forEach(file -> keep.add(file.name()));
      }
    }
    for (String name : there.keySet()) {
      if (!keep.contains(name)) {
        fileSystem.delete(file(name), true);
      }
    }
    return finished;
  }

  private static boolean isWhole(PartNote note, Map<String, Long> there) {
    return note.named() != null
        && note.keys() != null
        && note.files() != null
        && note.files().stream()
            .allMatch(file -> Long.valueOf(file.bytes()).equals(there.get(file.name())));
  }

  /** Number of notes. */
  public int count() throws IOException {
    int count = 0;
    if (fileSystem.exists(notes())) {
      for (FileStatus status : fileSystem.listStatus(notes())) {
        count += status.getPath().getName().endsWith(NOTE) ? 1 : 0;
      }
    }
    return count;
  }

  private PartNote read(String part) throws IOException {
    try {
      return StoredJson.read(fileSystem, note(part), PartNote.class);
    } catch (JacksonException e) {
      return null;
    }
  }

  Path notes() {
    return file(NOTES);
  }

  private Path note(String part) {
    return HadoopPath.in(notes(), part + NOTE);
  }
}
