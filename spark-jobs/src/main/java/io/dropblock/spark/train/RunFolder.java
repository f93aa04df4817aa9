package io.dropblock.spark.train;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;

/**
 * What a run leaves on disk: {@code recipe.yaml}, {@code events.jsonl} and {@code checkpoints/}, on
 * a local disk or any Hadoop file system.
 */
public final class RunFolder {
  private static final String RECIPE = "recipe.yaml";
  private static final int RECIPE_LIMIT = 1 << 20;

  private final FileSystem files;
  private final Path path;

  private RunFolder(FileSystem files, Path path) {
    this.files = files;
    this.path = path;
  }

  /**
   * Makes the folder of a new run.
   *
   * @param recipe the effective recipe as YAML
   * @throws TrainingException if it cannot be written or holds a run already
   */
  public static RunFolder create(Path path, String recipe, Configuration configuration) {
    RunFolder folder = at(path, configuration);
    try {
      if (folder.files.exists(folder.recipe())) {
        throw new TrainingException(
            "Cannot start a run in %s: it holds one already; add --resume to go on with it"
                .formatted(path));
      }
      folder.files.mkdirs(path);
      try (FSDataOutputStream out = folder.files.create(folder.recipe(), false)) {
        out.write(recipe.getBytes(StandardCharsets.UTF_8));
      }
      return folder;
    } catch (IOException e) {
      throw new TrainingException(
          "Cannot write to run folder %s: %s".formatted(path, e.getMessage()), e);
    }
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
          "Cannot read run folder %s: %s".formatted(path, e.getMessage()), e);
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
      if (!folder.files.exists(folder.recipe())) {
        throw new TrainingException(
            "Cannot open run %s: there is no %s in it".formatted(path, RECIPE));
      }
      return folder;
    } catch (IOException e) {
      throw new TrainingException(
          "Cannot read run folder %s: %s".formatted(path, e.getMessage()), e);
    }
  }

  private static RunFolder at(Path path, Configuration configuration) {
    try {
      FileSystem files = path.getFileSystem(configuration);
      // Hadoop's checksummed local file system can neither append nor flush part of a block
      return new RunFolder(files instanceof LocalFileSystem local ? local.getRaw() : files, path);
    } catch (IOException e) {
      throw new TrainingException(
          "Cannot reach run folder %s: %s".formatted(path, e.getMessage()), e);
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
      writeWhole(kept, before.getBytes(StandardCharsets.UTF_8));
      writeWhole(recipe(), recipe.getBytes(StandardCharsets.UTF_8));
      return kept.getName();
    } catch (IOException e) {
      throw new TrainingException("Cannot write to run folder " + path + ": " + e.getMessage(), e);
    }
  }

  private Path recipeUntil(long stepsDone) throws IOException {
    String name = "recipe-until-step-" + stepsDone;
    Path free = new Path(path, name + ".yaml");
    for (int copy = 2; files.exists(free); copy++) {
      free = new Path(path, name + "." + copy + ".yaml");
    }
    return free;
  }

  /** Writes a file that is whole, or as it was. */
  void writeWhole(Path file, byte[] bytes) throws IOException {
    Path unfinished = file.suffix(".unfinished");
    try (FSDataOutputStream out = files.create(unfinished, true)) {
      out.write(bytes);
      if (out.hasCapability(StreamCapabilities.HSYNC)) {
        out.hsync();
      }
    }
    if (!renamed(unfinished, file)) {
      files.delete(file, false);
      if (!files.rename(unfinished, file)) {
        throw new IOException("cannot rename " + unfinished + " to " + file);
      }
    }
  }

  /** A local disk replaces a file that is there at once; others refuse, in either way. */
  private boolean renamed(Path from, Path to) throws IOException {
    try {
      return files.rename(from, to);
    } catch (FileAlreadyExistsException e) {
      return false;
    }
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
    return new Path(path, RECIPE);
  }

  /** The log of events, see {@link EventLog}. */
  public Path events() {
    return new Path(path, "events.jsonl");
  }

  /** The checkpoints. */
  public CheckpointStore checkpoints() {
    return new CheckpointStore(files, new Path(path, "checkpoints"));
  }
}
