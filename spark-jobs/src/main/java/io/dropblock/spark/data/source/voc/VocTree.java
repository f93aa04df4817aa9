package io.dropblock.spark.data.source.voc;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.source.files.Directory;
import io.dropblock.spark.data.source.files.FileNames;
import io.dropblock.spark.data.source.files.FileTree;
import io.dropblock.spark.data.source.files.SmallFile;
import io.dropblock.spark.data.source.files.Tar;
import io.dropblock.spark.files.HadoopPath;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The files of a data set in a folder, or in a tar as it was downloaded; names are relative to the
 * folder that its own documentation counts from.
 *
 * @param path the folder to count from, or the tar
 * @param packed whether it is a tar
 * @param root the tar's folder to count from, ending with a slash, or empty
 * @param tree all that is there, with names from the path on
 * @param files the same by their names
 */
record VocTree(Path path, boolean packed, String root, FileTree tree, FileNames files) {

  private VocTree(Path path, boolean packed, String root, FileTree tree) {
    this(path, packed, root, tree, new FileNames(tree.files(), root));
  }

  /**
   * Finds a data set.
   *
   * @param source a folder or a tar
   * @throws DataException where it is not there, or the tar is damaged or compressed
   */
  static VocTree find(Path source, VocLayout layout, Configuration configuration) {
    try {
      FileSystem fileSystem = HadoopPath.fileSystem(source, configuration);
      FileStatus status = fileSystem.getFileStatus(source);
      if (status.isFile()) {
        return inTar(fileSystem, status, layout);
      }
      for (String root : layout.roots()) {
        Path folder = root.isEmpty() ? source : HadoopPath.in(source, root);
        if (fileSystem.exists(HadoopPath.in(folder, layout.mark()))) {
          FileTree tree = Directory.read(fileSystem, folder);
          return new VocTree(folder, false, "", tree);
        }
      }
      Path tar = HadoopPath.in(source, layout.tar());
      if (fileSystem.exists(tar)) {
        return inTar(fileSystem, fileSystem.getFileStatus(tar), layout);
      }
    } catch (FileNotFoundException e) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "Cannot list %s in %s: there is no such file or folder",
              layout.title(),
              source),
          e);
    } catch (IOException e) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "Cannot list %s in %s: %s",
              layout.title(),
              source,
              DataException.reason(e)),
          e);
    }
    throw new DataException(
        String.format(
            Locale.ROOT,
            "Cannot list %s in %s: it has neither %s nor %s",
            layout.title(),
            source,
            layout.wanted(),
            layout.tar()));
  }

  /** Whether VOC is in a folder. */
  static boolean isFolder(FileSystem fileSystem, Path folder) throws IOException {
    for (String root : VocLayout.VOC.roots()) {
      if (fileSystem.exists(HadoopPath.in(folder, root + VocLayout.VOC.mark()))) {
        return true;
      }
    }
    return fileSystem.exists(HadoopPath.in(folder, VocLayout.VOC.tar()));
  }

  /** Whether VOC is in a tar. */
  static boolean isIn(FileTree tar) {
    return VocLayout.VOC.roots().stream()
        .anyMatch(root -> tar.hasFolder(root + VocLayout.VOC.mark()));
  }

  private static VocTree inTar(FileSystem fileSystem, FileStatus status, VocLayout layout)
      throws IOException {
    FileTree tree = Tar.read(fileSystem, status);
    for (String root : layout.roots()) {
      if (tree.hasFolder(root + layout.mark())) {
        return new VocTree(status.getPath(), true, root, tree);
      }
    }
    throw new DataException(
        String.format(
            Locale.ROOT,
            "Cannot list %s in %s: it has no %s",
            layout.title(),
            status.getPath(),
            layout.wanted()));
  }

  /**
   * A file by its name, in any Unicode form, or null if it is not there.
   *
   * @throws DataException where it is there and cannot be read: another file in its place would be
   *     another label
   */
  FileTree.Entry file(String name) {
    FileTree.Entry file = files.file(name);
    String reason = file == null ? tree.reasonUnreadable(root + name) : null;
    if (reason != null) {
      throw new DataException(
          String.format(Locale.ROOT, "Cannot read %s: %s", title(name), reason));
    }
    return file;
  }

  /** What a file is called in errors. */
  String title(String name) {
    return packed
        ? String.format(Locale.ROOT, "entry %s%s of %s", root, name, path)
        : path + "/" + name;
  }

  /**
   * Reads a list of images.
   *
   * @throws DataException where it is missing or malformed
   */
  VocList list(String name, Configuration configuration) {
    FileTree.Entry entry = file(name);
    if (entry == null) {
      throw new DataException(
          String.format(Locale.ROOT, "Cannot read %s: there is no such file", title(name)));
    }
    return VocList.of(title(name), SmallFile.read(title(name), entry, configuration));
  }
}
