package io.dropblock.spark.train;

import io.dropblock.spark.files.WholeFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checkpoints of a run: one folder each, {@code epoch-0003} after three epochs, {@code
 * epoch-0003-step-00000250} 250 steps later.
 *
 * <p>A folder is written under a temporary name of its own, synced, and renamed when it is whole.
 * That is safe, too, where a rename copies file by file, as in S3: a folder that was copied in part
 * lacks its manifest, or a file that the manifest names, and is passed over. Older ones are deleted
 * only after the rename is done.
 */
public final class CheckpointStore {
  private static final Logger LOG = LoggerFactory.getLogger(CheckpointStore.class);
  private static final String TEMPORARY = "_tmp.";

  /** Of those within an epoch: the newest, and one for the case that it is damaged. */
  private static final int KEPT_WITHIN = 2;

  private final FileSystem files;
  private final Path folder;

  CheckpointStore(FileSystem files, Path folder) {
    this.files = files;
    this.folder = folder;
  }

  /** Writes a checkpoint and returns its folder. */
  Path write(Checkpoint checkpoint) throws IOException {
    Path target = path(CheckpointName.of(checkpoint.manifest()));
    // two that write the same one, as a rank that was given up may, do not meet
    Path staging = new Path(folder, TEMPORARY + target.getName() + "." + UUID.randomUUID());
    try {
      new CheckpointFiles(files, staging).write(checkpoint);
      files.delete(target, true);
      if (!files.rename(staging, target)) {
        throw new IOException("cannot rename " + staging + " to " + target);
      }
    } catch (IOException | FSError e) {
      // half a checkpoint would keep a full disk full
      files.delete(staging, true);
      throw WholeFile.plain(e);
    }
    return target;
  }

  /** Deletes what writers left that died. */
  void deleteHalfWritten() throws IOException {
    for (FileStatus status : list()) {
      if (status.getPath().getName().startsWith(TEMPORARY)) {
        files.delete(status.getPath(), true);
      }
    }
  }

  /** The newest checkpoint that is whole; damaged ones are passed over with a warning. */
  public Optional<Checkpoint> latest() throws IOException {
    for (CheckpointName name : newestFirst()) {
      try {
        return Optional.of(read(files, path(name)));
      } catch (TrainingException e) {
        LOG.warn("{}; taking the one before it", e.getMessage());
      }
    }
    return Optional.empty();
  }

  /**
   * Reads a checkpoint by name.
   *
   * @param name {@code latest}, {@code best} as of the latest, or a folder's name
   * @throws TrainingException if there is none of that name, or it is damaged
   */
  public Checkpoint named(String name) {
    try {
      if (!name.equals("latest") && !name.equals("best")) {
        return read(files, new Path(folder, name));
      }
      Checkpoint latest =
          latest()
              .orElseThrow(
                  () -> new TrainingException("Cannot read a checkpoint: none in " + folder));
      Integer best = latest.manifest().bestEpoch();
      return name.equals("latest") || best == null
          ? latest
          : read(files, path(CheckpointName.afterEpochs(best + 1)));
    } catch (IOException e) {
      throw new TrainingException(
          String.format(Locale.ROOT, "Cannot read checkpoints in %s: %s", folder, e.getMessage()),
          e);
    }
  }

  /**
   * Deletes all but the newest {@code keep} of those after a whole epoch, the best one, and the
   * newest two within the epoch under way.
   *
   * @param bestEpoch from 0, or null
   */
  void prune(int keep, Integer bestEpoch) throws IOException {
    int whole = 0;
    int within = 0;
    for (CheckpointName name : newestFirst()) {
      boolean kept =
          name.isWithinEpoch()
              ? whole == 0 && within++ < KEPT_WITHIN
              : whole++ < keep || bestEpoch != null && name.epochs() == bestEpoch + 1;
      if (!kept) {
        files.delete(path(name), true);
      }
    }
  }

  private List<CheckpointName> newestFirst() throws IOException {
    List<CheckpointName> found = new ArrayList<>();
    for (FileStatus status : list()) {
      CheckpointName.parse(status.getPath().getName()).ifPresent(found::add);
    }
    found.sort(Collections.reverseOrder());
    return found;
  }

  private FileStatus[] list() throws IOException {
    return files.exists(folder) ? files.listStatus(folder) : new FileStatus[0];
  }

  Path path(CheckpointName name) {
    return new Path(folder, name.toString());
  }

  /**
   * Reads one checkpoint.
   *
   * @throws TrainingException if it is not there or damaged, with what is wrong
   */
  public static Checkpoint read(FileSystem files, Path folder) {
    return new CheckpointFiles(files, folder).read();
  }
}
