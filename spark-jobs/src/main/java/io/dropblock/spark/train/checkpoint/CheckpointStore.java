package io.dropblock.spark.train.checkpoint;

import io.dropblock.nn.NotFinite;
import io.dropblock.nn.StateBytes;
import io.dropblock.spark.files.HadoopPath;
import io.dropblock.spark.files.WholeFile;
import io.dropblock.spark.train.failure.NotFiniteException;
import io.dropblock.spark.train.failure.TrainingException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
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
 *
 * <p>None at all, some that are damaged, and one that cannot be read now are three things: a run
 * begins anew at the first, takes an older one at the second, and ends at the third.
 */
public final class CheckpointStore {
  private static final Logger LOG = LoggerFactory.getLogger(CheckpointStore.class);
  private static final String TEMPORARY = "_tmp.";
  private static final String ASIDE = "_aside.";

  /** Of those within an epoch: the newest, and one for the case that it is damaged. */
  private static final int KEPT_WITHIN = 2;

  private final FileSystem files;
  private final Path folder;

  /** Those in a folder, which need not exist. */
  public CheckpointStore(FileSystem files, Path folder) {
    this.files = files;
    this.folder = folder;
  }

  /** Whether a folder is itself a checkpoint, whole or not. */
  public static boolean isCheckpoint(FileSystem files, Path folder) throws IOException {
    return new CheckpointFiles(files, folder).isThere();
  }

  /**
   * Writes a checkpoint and returns its folder.
   *
   * @throws NotFiniteException if it holds a number that is not finite
   */
  public Path write(Checkpoint checkpoint) throws IOException {
    return write(checkpoint.manifest(), checkpoint.recipe(), checkpoint.network(), () -> {});
  }

  /**
   * The same of a network that is written piece by piece.
   *
   * @param beforeName called when all is written, and before it gets its name; may throw
   */
  public Path write(
      Checkpoint.Manifest manifest, String recipe, StateBytes network, Runnable beforeName)
      throws IOException {
    Optional<String> what = NotFinite.in(network);
    if (what.isPresent()) {
      throw NotFiniteException.after(what.get(), manifest.step());
    }
    Path target = path(CheckpointName.of(manifest));
    // two that write the same one, as a rank that was given up may, do not meet
    Path staging = temporary(target);
    try {
      CheckpointFiles written = new CheckpointFiles(files, staging);
      written.write(manifest, recipe, network);
      WriteTurn.requireGoing();
      beforeName.run();
      if (!written.looksWhole()) {
        throw new IOException("somebody deleted it while it was written");
      }
      if (files.exists(target)) {
        delete(target);
      }
      if (!files.rename(staging, target)) {
        throw new IOException("cannot rename " + staging + " to " + target);
      }
    } catch (IOException | FSError e) {
      throw deleted(staging, WholeFile.plain(e));
    } catch (RuntimeException e) {
      throw deleted(staging, e);
    }
    return target;
  }

  /** Half a checkpoint would keep a full disk full; the failure that it is for. */
  private <E extends Exception> E deleted(Path staging, E failure) {
    // else the file system would not do it either
    boolean interrupted = Thread.interrupted();
    try {
      files.delete(staging, true);
    } catch (IOException | FSError more) {
      failure.addSuppressed(more);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return failure;
  }

  /** Deletes what writers left that died. */
  public void deleteHalfWritten() throws IOException {
    for (FileStatus status : list()) {
      if (status.getPath().getName().startsWith(TEMPORARY)) {
        files.delete(status.getPath(), true);
      }
    }
  }

  /**
   * The newest checkpoint that is whole.
   *
   * @param told of each newer one that is damaged, a line
   * @return empty if there is none at all
   * @throws TrainingException if there are some and all of them are damaged
   * @throws IOException if one cannot be read now
   */
  public Optional<Checkpoint> latest(Consumer<String> told) throws IOException {
    CheckpointSearch search = new CheckpointSearch(this, false);
    search.tell(told);
    return search.found();
  }

  /**
   * The newest checkpoint that training can go on with: whole, and all numbers finite.
   *
   * @param told of each newer one, a line
   * @return empty if there is none at all
   * @throws TrainingException if there are some and none of them can be used
   * @throws IOException if one cannot be read now
   */
  public Optional<Checkpoint> toResume(Consumer<String> told) throws IOException {
    CheckpointSearch search = new CheckpointSearch(this, true);
    search.tell(told);
    return search.found();
  }

  /** The same for who trains: newer ones get another name, so that they are not written over. */
  public Optional<Checkpoint> takeToResume(Consumer<String> told) throws IOException {
    CheckpointSearch search = new CheckpointSearch(this, true);
    search.setAside(told);
    return search.found();
  }

  /**
   * Reads a checkpoint to measure it.
   *
   * @param name {@code latest}, {@code best} as of the latest, or a folder's name
   * @param told of each damaged one that is passed over, a line
   * @throws TrainingException if there is none of that name, it is damaged or cannot be read now,
   *     or holds numbers that are not finite
   */
  public Checkpoint named(String name, Consumer<String> told) {
    try {
      Checkpoint checkpoint = find(name, told).orElseThrow(() -> gone(name));
      Optional<String> what = NotFinite.in(checkpoint.network());
      if (what.isPresent()) {
        throw new TrainingException(
            "Cannot use checkpoint "
                + path(CheckpointName.of(checkpoint.manifest()))
                + ": "
                + what.get()
                + " is not finite");
      }
      return checkpoint;
    } catch (DamagedCheckpointException e) {
      throw new TrainingException(
          "Cannot read checkpoint " + folder + "/" + name + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new TrainingException(
          "Cannot read checkpoint "
              + folder
              + "/"
              + name
              + " now: "
              + e.getMessage()
              + "; try again",
          e);
    }
  }

  private Optional<Checkpoint> find(String text, Consumer<String> told)
      throws IOException, DamagedCheckpointException {
    if (!text.equals("latest") && !text.equals("best")) {
      Optional<CheckpointName> name = CheckpointName.parse(text);
      return name.isPresent() ? read(name.get()) : Optional.empty();
    }
    Optional<Checkpoint> latest = latest(told);
    Best best = latest.map(found -> found.manifest().best()).orElse(null);
    return text.equals("latest") || best == null
        ? latest
        : read(CheckpointName.afterEpochs(best.epoch() + 1));
  }

  private TrainingException gone(String name) {
    try {
      List<CheckpointName> there = newestFirst();
      return new TrainingException(
          "Cannot read checkpoint "
              + folder
              + "/"
              + name
              + ": there is none; "
              + (there.isEmpty()
                  ? "a run writes its first one after its first epoch, or train.checkpoint_every"
                      + " steps"
                  : "there are "
                      + there.stream().map(Object::toString).collect(Collectors.joining(", "))));
    } catch (IOException e) {
      return new TrainingException("Cannot list " + folder + ": " + e.getMessage(), e);
    }
  }

  /**
   * Deletes all but the newest {@code keep} of those after a whole epoch, and the best one. One of
   * which a part is missing does not count, and is set aside. Those within the epoch under way stay
   * as they are: a rank may be writing them now.
   *
   * @param best so far, or null
   */
  public void prune(int keep, Best best) throws IOException {
    int whole = 0;
    for (CheckpointName name : newestFirst()) {
      if (name.isWithinEpoch()) {
        if (whole > 0) {
          delete(path(name));
        }
      } else if (isKept(name)
          && whole++ >= keep
          && (best == null || name.epochs() != best.epoch() + 1)) {
        delete(path(name));
      }
    }
  }

  /**
   * Deletes all but the newest two of those within the epoch under way, and all of epochs that are
   * done. One of which a part is missing does not count, and is set aside.
   *
   * @param last the newest one within the epoch
   */
  public void pruneWithin(CheckpointName last) throws IOException {
    boolean isDone = false;
    int within = 0;
    for (CheckpointName name : newestFirst()) {
      if (!name.isWithinEpoch()) {
        isDone = isDone || hasWhole(name);
      } else if (name.compareTo(last) <= 0 && (isDone || isKept(name) && within++ >= KEPT_WITHIN)) {
        delete(path(name));
      }
    }
  }

  /** Whether one is there with all its files; does not read them. */
  public boolean hasWhole(CheckpointName name) throws IOException {
    return whole(name).isPresent();
  }

  /** What one is that is there with all its files; does not read the others. */
  public Optional<Checkpoint.Manifest> whole(CheckpointName name) throws IOException {
    return new CheckpointFiles(files, path(name)).whole();
  }

  /** Whether it is whole; sets it aside if it is not. */
  private boolean isKept(CheckpointName name) throws IOException {
    if (hasWhole(name)) {
      return true;
    }
    // somebody else may have deleted it meanwhile
    if (files.exists(path(name))) {
      LOG.warn("Checkpoint {} is not whole; it is kept as {}", path(name), setAside(name));
    }
    return false;
  }

  /** At once for who reads: a folder is not deleted at once. */
  private void delete(Path checkpoint) throws IOException {
    Path going = temporary(checkpoint);
    try {
      if (files.rename(checkpoint, going)) {
        files.delete(going, true);
      } else {
        files.delete(checkpoint, true);
      }
    } catch (FileNotFoundException e) {
      LOG.debug("Somebody else deleted {}", checkpoint, e);
    }
  }

  private Path temporary(Path checkpoint) {
    return HadoopPath.in(folder, TEMPORARY + checkpoint.getName() + "." + UUID.randomUUID());
  }

  /** Gives a checkpoint a name by which it is none, and returns that. */
  String setAside(CheckpointName name) throws IOException {
    Path target = HadoopPath.in(folder, ASIDE + name);
    for (int copy = 2; files.exists(target); copy++) {
      target = HadoopPath.in(folder, ASIDE + name + "." + copy);
    }
    if (!files.rename(path(name), target)) {
      throw new IOException("cannot rename " + path(name) + " to " + target);
    }
    return target.getName();
  }

  /** Those that are there, whatever is in them. */
  public List<CheckpointName> newestFirst() throws IOException {
    List<CheckpointName> found = new ArrayList<>();
    for (FileStatus status : list()) {
      CheckpointName.parse(status.getPath().getName()).ifPresent(found::add);
    }
    found.sort(Collections.reverseOrder());
    return found;
  }

  private FileStatus[] list() throws IOException {
    try {
      if (files.getFileStatus(folder).isFile()) {
        throw new IOException(folder + " is a file, and should be a folder");
      }
      return files.listStatus(folder);
    } catch (FileNotFoundException e) {
      return new FileStatus[0];
    }
  }

  Path folder() {
    return folder;
  }

  public Path path(CheckpointName name) {
    return HadoopPath.in(folder, name.toString());
  }

  /**
   * Reads one checkpoint.
   *
   * @return empty if there is none: a run deletes old ones
   * @throws IOException if it cannot be read now
   */
  Optional<Checkpoint> read(CheckpointName name) throws IOException, DamagedCheckpointException {
    try {
      return Optional.of(new CheckpointFiles(files, path(name)).read());
    } catch (DamagedCheckpointException e) {
      if (!files.exists(path(name))) {
        return Optional.empty();
      }
      throw e;
    } catch (IOException e) {
      throw new IOException(name + ": " + e.getMessage(), e);
    }
  }
}
