package io.dropblock.spark.data.source;

import io.dropblock.spark.data.DataException;
import java.io.IOException;
import java.util.Locale;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Lists a folder and all below it. */
final class Directory {
  // Deeper than any data set; ends a circle of links.
  private static final int MAX_DEPTH = 16;

  private final FileSystem fileSystem;
  private final Path root;
  private final FileTree tree;

  private Directory(FileSystem fileSystem, Path root) {
    this.fileSystem = fileSystem;
    this.root = root;
    this.tree = new FileTree(root.toString());
  }

  static FileTree read(FileSystem fileSystem, Path root) throws IOException {
    Directory directory = new Directory(fileSystem, root);
    directory.walk(root, "", 0);
    return directory.tree;
  }

  private void walk(Path folder, String name, int depth) throws IOException {
    if (depth > MAX_DEPTH) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "Cannot list %s: folders are nested deeper than %d at %s",
              root,
              MAX_DEPTH,
              name));
    }
    for (FileStatus status : Entries.of(fileSystem, folder)) {
      String simple = status.getPath().getName();
      String child = name.isEmpty() ? simple : name + "/" + simple;
      if (simple.startsWith(".")) {
        continue;
      }
      if (status.isDirectory()) {
        tree.addFolder(child);
        walk(status.getPath(), child, depth + 1);
      } else if (status.isFile()) {
        tree.addFile(child, status.getPath().toString(), 0, status.getLen());
      } else {
        tree.addOther();
      }
    }
  }
}
