package io.dropblock.spark.data.source.coco;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.source.files.Directory;
import io.dropblock.spark.data.source.files.FileTree;
import io.dropblock.spark.data.source.files.Tar;
import io.dropblock.spark.files.HadoopPath;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The files of a COCO data set, in a folder or in a tar.
 *
 * @param path of the folder or the tar
 * @param packed whether it is a tar
 * @param files all that is there
 */
record CocoTree(Path path, boolean packed, FileTree files) {
  private static final int MAX_LEADING = 4;

  /**
   * Lists a data set.
   *
   * @throws DataException where it is not there, or the tar is damaged or compressed
   */
  static CocoTree of(Path source, Configuration configuration) {
    try {
      FileSystem fileSystem = HadoopPath.fileSystem(source, configuration);
      FileStatus status = fileSystem.getFileStatus(source);
      return status.isFile()
          ? new CocoTree(status.getPath(), true, Tar.read(fileSystem, status))
          : new CocoTree(source, false, Directory.read(fileSystem, status.getPath()));
    } catch (FileNotFoundException e) {
      throw new DataException(
          "Cannot list COCO in " + source + ": there is no such file or folder", e);
    } catch (IOException e) {
      throw new DataException("Cannot list COCO in " + source + ": " + DataException.reason(e), e);
    }
  }

  /** What a file or folder is called in errors. */
  String title(String name) {
    return packed ? "entry " + name + " of " + path : path + "/" + name;
  }

  /**
   * As much of a folder as tells whether COCO is in it: the names beside which annotations may be.
   *
   * @throws IOException where it cannot be listed
   */
  static CocoTree top(FileSystem fileSystem, Path folder) throws IOException {
    CocoTree tree = new CocoTree(folder, false, new FileTree(folder.toString()));
    tree.addTop(fileSystem, folder, "", 0);
    return tree;
  }

  private void addTop(FileSystem fileSystem, Path folder, String prefix, int depth)
      throws IOException {
    List<FileStatus> folders = new ArrayList<>();
    for (FileStatus status : fileSystem.listStatus(folder)) {
      String name = status.getPath().getName();
      if (status.isFile()) {
        add(status, prefix + name);
      } else if (status.isDirectory() && !name.startsWith(".")) {
        files.addFolder(prefix + name);
        folders.add(status);
      }
    }
    for (FileStatus status : folders) {
      String name = status.getPath().getName();
      Path beside = HadoopPath.in(status.getPath(), CocoNames.BESIDE);
      boolean split = CocoNames.isSplit(name);
      if (name.equals(CocoNames.ANNOTATIONS)
          || folders.size() == 1 && !split && depth < MAX_LEADING) {
        addTop(fileSystem, status.getPath(), prefix + name + "/", depth + 1);
      } else if (split && fileSystem.exists(beside)) {
        add(fileSystem.getFileStatus(beside), prefix + name + "/" + CocoNames.BESIDE);
      }
    }
  }

  private void add(FileStatus status, String name) {
    files.addFile(name, status.getPath().toString(), 0, status.getLen());
  }
}
