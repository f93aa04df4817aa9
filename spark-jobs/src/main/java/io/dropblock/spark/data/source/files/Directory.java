package io.dropblock.spark.data.source.files;

import io.dropblock.spark.data.DataException;
import java.io.IOException;
import java.util.Locale;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** Lists a folder and all below it. */
public final class Directory {
  /** Deeper than any data set. */
  private static final int MAX_DEPTH = 16;

  private final FileSystem fileSystem;
  private final Path root;
  private final FileTree tree;

  private Directory(FileSystem fileSystem, Path root) {
    this.fileSystem = fileSystem;
    this.root = root;
    this.tree = new FileTree(root.toString());
  }

  /**
   * Lists it.
   *
   * @throws DataException where folders are nested too deep, or one of them is forbidden
   */
  public static FileTree read(FileSystem fileSystem, Path root) throws IOException {
    FileSystem plain =
        fileSystem instanceof LocalFileSystem local ? local.getRawFileSystem() : fileSystem;
    // Hadoop's own listing of a disk loses, without a word, what the disk names and Java cannot.
    if (plain instanceof RawLocalFileSystem disk) {
      return LocalDirectory.read(disk, root);
    }
    Directory directory = new Directory(fileSystem, root);
    directory.walk(root, "", 0);
    return directory.tree;
  }

  /** Refuses a folder that lies too deep. */
  static void checkDepth(Path root, String folder, int depth) {
    if (depth > MAX_DEPTH) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "Cannot list %s: folders are nested deeper than %d at %s",
              root,
              MAX_DEPTH,
              folder));
    }
  }

  private void walk(Path folder, String name, int depth) throws IOException {
    checkDepth(root, name, depth);
    for (FileStatus status : fileSystem.listStatus(folder)) {
      String simple = status.getPath().getName();
      String child = name.isEmpty() ? simple : name + "/" + simple;
      if (status.isDirectory()) {
        tree.addFolder(child);
        if (!Clutter.is(simple)) {
          walk(status.getPath(), child, depth + 1);
        }
      } else if (status.isFile()) {
        tree.addFile(child, status.getPath().toString(), 0, status.getLen());
      } else {
        tree.leaveOut(child, "it is neither a file nor a folder");
      }
    }
  }
}
