package io.dropblock.spark.train;

import io.dropblock.spark.files.FolderLock;
import io.dropblock.spark.files.HadoopPath;
import io.dropblock.spark.files.WholeFile;
import io.dropblock.spark.train.checkpoint.Checkpoint;
import io.dropblock.spark.train.checkpoint.CheckpointStore;
import io.dropblock.spark.train.event.EventLog;
import io.dropblock.spark.train.failure.TrainingException;
import io.dropblock.spark.train.failure.WriteFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a run leaves on disk: {@code recipe.yaml}, {@code events.jsonl} and {@code checkpoints/}, on
 * a local disk or any Hadoop file system.
 */
public final class RunFolder {
  private static final Logger LOG = LoggerFactory.getLogger(RunFolder.class);
  private static final String RECIPE = "recipe.yaml";
  private static final String CHECKPOINTS = "checkpoints";
  private static final String COPY_RECIPE =
      "but no " + RECIPE + "; put back a copy, each checkpoint holds one";
  private static final int RECIPE_LIMIT = 1 << 20;

  private final FileSystem files;
  private final Path path;

  /** Of a run that is new; else null. */
  private String begunWith;

  /** Null where this process does not train. */
  private FolderLock lock;

  private RunFolder(FileSystem files, Path path) {
    this.files = files;
    this.path = path;
  }

  /**
   * Makes the folder of a new run. An empty recipe without any checkpoint is what older versions
   * left on a full disk.
   *
   * @param recipe the effective recipe as YAML
   * @throws TrainingException if it cannot be written or holds a run already
   */
  public static RunFolder create(Path path, String recipe, Configuration configuration) {
    return create(path, recipe, Optional.empty(), configuration);
  }

  /**
   * The same of a run that begins with a checkpoint. That is there before the recipe is: else a run
   * cut off in between would go on without it.
   *
   * @param first of the run's recipe, before its first step
   */
  public static RunFolder create(
      Path path, String recipe, Optional<Checkpoint> first, Configuration configuration) {
    requireFree(path, configuration);
    RunFolder folder = at(path, configuration);
    boolean made = false;
    try {
      folder.files.delete(folder.recipe(), false);
      made = !folder.files.exists(path);
      if (!folder.files.mkdirs(path)) {
        throw new IOException("the folder cannot be made");
      }
      if (first.isPresent()) {
        folder.checkpoints().write(first.get());
      }
      WholeFile.write(folder.files, folder.recipe(), recipe.getBytes(StandardCharsets.UTF_8));
      folder.begunWith = recipe;
      return folder;
    } catch (IOException | FSError e) {
      if (made) {
        folder.deleteEmpty();
      }
      throw new TrainingException(
          "Cannot write to run folder " + folder.full() + ": " + WriteFailure.reason(e), e);
    }
  }

  /**
   * Looks whether a new run can have a folder; writes nothing. An empty recipe without any
   * checkpoint is no run.
   *
   * @throws TrainingException if it holds a run already, or cannot be reached
   */
  public static void requireFree(Path path, Configuration configuration) {
    RunFolder folder = at(path, configuration);
    try {
      folder.requireNoCheckpoint();
      boolean none = folder.hasNoCheckpoint();
      if (!folder.hasRecipe() && !none) {
        throw new TrainingException(
            "Cannot start a run in "
                + folder.full()
                + ": it holds checkpoints of one, "
                + COPY_RECIPE
                + ", and add --resume");
      }
      if (folder.hasRecipe() && !(folder.isRecipeEmpty() && none)) {
        throw new TrainingException(
            "Cannot start a run in "
                + folder.full()
                + ": it holds one already; add --resume to go on with it");
      }
    } catch (IOException e) {
      throw new TrainingException(
          "Cannot write to run folder " + folder.full() + ": " + WriteFailure.reason(e), e);
    }
  }

  /** A checkpoint holds a recipe, too, and what is trained in it would be taken for another run. */
  private void requireNoCheckpoint() throws IOException {
    if (CheckpointStore.isCheckpoint(files, path)) {
      throw new TrainingException(
          "Cannot use "
              + full()
              + " as a run folder: it is a checkpoint of one; the run folder is "
              + other(files.makeQualified(path).getParent().getParent()));
    }
  }

  /** Why there is no run, and where it may be. */
  private String missing() throws IOException {
    if (!files.exists(path)) {
      return "there is no such folder";
    }
    String none = "there is no " + RECIPE + " in it";
    if (!hasNoCheckpoint()) {
      return "it holds checkpoints, " + COPY_RECIPE;
    }
    Path here = files.makeQualified(path);
    for (Path near : List.of(HadoopPath.in(here, "run"), here.isRoot() ? here : here.getParent())) {
      if (files.exists(HadoopPath.in(near, RECIPE))) {
        return none + ", but in " + other(near);
      }
    }
    return none;
  }

  private String other(Path near) {
    boolean local = files.getUri().getScheme().equals("file");
    return (local ? Path.getPathWithoutSchemeAndAuthority(near) : near).toString();
  }

  private boolean hasRecipe() throws IOException {
    return files.exists(recipe());
  }

  private boolean isRecipeEmpty() throws IOException {
    return files.getFileStatus(recipe()).getLen() == 0;
  }

  private boolean hasNoCheckpoint() throws IOException {
    Path checkpoints = HadoopPath.in(path, CHECKPOINTS);
    return !files.exists(checkpoints)
        || files.getFileStatus(checkpoints).isDirectory()
            && files.listStatus(checkpoints).length == 0;
  }

  /** What a run that could not begin leaves behind is in nobody's way. */
  private void deleteEmpty() {
    try {
      files.delete(path, false);
    } catch (IOException e) {
      LOG.warn("Cannot delete {}: {}", full(), WriteFailure.reason(e));
    }
  }

  private String full() {
    return WriteFailure.address(files, path);
  }

  /**
   * The effective recipe, as YAML.
   *
   * @throws TrainingException if it cannot be read
   */
  public String readRecipe() {
    try (FSDataInputStream in = files.open(recipe())) {
      return new String(in.readNBytes(RECIPE_LIMIT), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new TrainingException(
          String.format(Locale.ROOT, "Cannot read run folder %s: %s", path, e.getMessage()), e);
    }
  }

  /**
   * Opens the folder of a run that was begun before.
   *
   * @throws TrainingException if there is none
   */
  public static RunFolder open(Path path, Configuration configuration) {
    RunFolder folder = at(path, configuration);
    try {
      folder.requireNoCheckpoint();
      if (!folder.hasRecipe()) {
        throw new TrainingException("Cannot open run " + folder.full() + ": " + folder.missing());
      }
      if (folder.isRecipeEmpty()) {
        throw new TrainingException(
            "Cannot open run "
                + folder.full()
                + ": its "
                + RECIPE
                + " is empty, as the disk was full when it began; "
                + (folder.hasNoCheckpoint()
                    ? "begin it again without --resume"
                    : "copy that of its last checkpoint there"));
      }
      return folder;
    } catch (IOException e) {
      throw new TrainingException(
          String.format(Locale.ROOT, "Cannot read run folder %s: %s", path, e.getMessage()), e);
    }
  }

  private static RunFolder at(Path path, Configuration configuration) {
    return new RunFolder(HadoopPath.fileSystem(path, configuration), path);
  }

  /**
   * Makes this process the only one that writes the run, until the lock is closed. Measuring takes
   * no lock, nor do ranks, which write for their driver.
   *
   * @throws TrainingException if another one does, with who it is
   */
  public FolderLock lock() {
    try {
      lock = FolderLock.take(files, HadoopPath.in(path, ".lock"), "train");
    } catch (IOException e) {
      throw new TrainingException(
          "Cannot train in run folder " + full() + ": " + WriteFailure.reason(e), e);
    }
    if (begunWith != null && !readRecipe().equals(begunWith)) {
      lock.close();
      throw new TrainingException(
          "Cannot train in run folder "
              + full()
              + ": another run was begun in it at the same time");
    }
    return lock;
  }

  /**
   * Makes sure that no other process has taken the run over, as it does from one that stood still
   * for a minute.
   *
   * @throws TrainingException if one has
   */
  public void requireLock() {
    try {
      if (lock != null) {
        lock.check();
      }
    } catch (IOException e) {
      throw new TrainingException(
          "Cannot go on with run " + full() + ": " + WriteFailure.reason(e), e);
    }
  }

  /**
   * Gives the run another recipe from some step on. The one until then stays beside it.
   *
   * @param recipe the effective recipe as YAML
   * @param stepsDone with the one until now
   * @return the name of the file with the one until now
   * @throws TrainingException if the folder cannot be written
   */
  public String changeRecipe(String recipe, long stepsDone) {
    try {
      String before = readRecipe();
      Path kept = recipeUntil(stepsDone);
      WholeFile.write(files, kept, before.getBytes(StandardCharsets.UTF_8));
      WholeFile.replace(files, recipe(), recipe.getBytes(StandardCharsets.UTF_8));
      return kept.getName();
    } catch (IOException e) {
      throw new TrainingException(
          "Cannot write to run folder " + full() + ": " + WriteFailure.reason(e), e);
    }
  }

  private Path recipeUntil(long stepsDone) throws IOException {
    String name = "recipe-until-step-" + stepsDone;
    Path free = HadoopPath.in(path, name + ".yaml");
    for (int copy = 2; files.exists(free); copy++) {
      free = HadoopPath.in(path, name + "." + copy + ".yaml");
    }
    return free;
  }

  /** The file system of the folder. */
  public FileSystem files() {
    return files;
  }

  /** The folder. */
  public Path path() {
    return path;
  }

  /** The effective recipe. */
  public Path recipe() {
    return HadoopPath.in(path, RECIPE);
  }

  /** The log of events, see {@link EventLog}. */
  public Path events() {
    return HadoopPath.in(path, "events.jsonl");
  }

  /** The checkpoints. */
  public CheckpointStore checkpoints() {
    return new CheckpointStore(files, HadoopPath.in(path, CHECKPOINTS));
  }
}
