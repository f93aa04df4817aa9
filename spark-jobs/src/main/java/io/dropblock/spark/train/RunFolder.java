package io.dropblock.spark.train;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

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
    requireFree(path, configuration);
    RunFolder folder = at(path, configuration);
    try {
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
   * Looks whether a new run can have a folder; writes nothing.
   *
   * @throws TrainingException if it holds a run already, or cannot be reached
   */
  public static void requireFree(Path path, Configuration configuration) {
    RunFolder folder = at(path, configuration);
    try {
      if (folder.files.exists(folder.recipe())) {
        throw new TrainingException(
            "Cannot start a run in %s: it holds one already; add --resume to go on with it"
                .formatted(path));
      }
    } catch (IOException e) {
      throw new TrainingException(
          "Cannot write to run folder %s: %s".formatted(path, e.getMessage()), e);
    }
  }

  /**
   * Opens the folder of a run to go on with it.
   *
   * @param recipe the effective recipe as YAML, which must be that of the run
   * @throws TrainingException if there is no run or it has another recipe
   */
  public static RunFolder open(Path path, String recipe, Configuration configuration) {
    RunFolder folder = open(path, configuration);
    folder.requireRecipe(recipe);
    return folder;
  }

  private void requireRecipe(String expected) {
    List<String> begun = readRecipe().lines().toList();
    List<String> now = expected.lines().toList();
    for (int line = 0; line < Math.max(begun.size(), now.size()); line++) {
      String was = line < begun.size() ? begun.get(line).strip() : "nothing";
      String is = line < now.size() ? now.get(line).strip() : "nothing";
      if (!was.equals(is)) {
        throw new TrainingException(
            "Cannot resume run %s: it was begun with another recipe, '%s' where there is now '%s'"
                .formatted(path, was, is));
      }
    }
  }

  private String readRecipe() {
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
