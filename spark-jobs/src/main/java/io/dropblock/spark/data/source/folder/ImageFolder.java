package io.dropblock.spark.data.source.folder;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.source.ImageListing;
import io.dropblock.spark.data.source.files.Directory;
import io.dropblock.spark.data.source.files.FileTree;
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
 * A data set as a folder a class, in a directory or an uncompressed tar: {@code train/<class>/*}
 * and {@code val/<class>/*} in their usual spellings ({@link SplitWord}), or {@code <class>/*}
 * alone, of which a share is then held out. Leading folders that hold all the rest are passed over.
 * Images are JPEG and PNG, by the ending of their names in any case or, where that says nothing, by
 * their first bytes, at any depth below their class. The layout is that of PyTorch's {@code
 * ImageFolder}; classes are sorted, so labels are the same.
 */
public final class ImageFolder {
  private ImageFolder() {}

  /** Lists with {@link HoldOut#DEFAULT}. */
  public static ImageListing list(Path path, Configuration configuration) {
    return list(path, configuration, HoldOut.DEFAULT);
  }

  /**
   * Lists a directory or a tar. Reads no image, but the first bytes of files whose names do not say
   * what they are; of a tar it reads the headers, once.
   *
   * @param path directory or tar, on any Hadoop file system
   * @param holdOut what becomes {@code val} where there is no such folder
   * @throws DataException where the path is missing or unreadable, the tar is compressed or
   *     damaged, there are no class folders or only one, the folders look like another layout, a
   *     class folder is empty, or {@code val} has a class that {@code train} has not
   */
  public static ImageListing list(Path path, Configuration configuration, HoldOut holdOut) {
    try {
      FileSystem fileSystem = HadoopPath.fileSystem(path, configuration);
      FileStatus status = fileSystem.getFileStatus(path);
      FirstBytes bytes = new FirstBytes(fileSystem);
      ImageListing listing =
          new FolderLayout(path.toString(), tree(fileSystem, status), holdOut, bytes::isImage)
              .listing();
      return bytes.notes().isEmpty() ? listing : listing.with(bytes.notes());
    } catch (FileNotFoundException e) {
      throw new DataException(
          "Cannot list images in " + path + ": there is no such file or folder", e);
    } catch (IOException e) {
      throw new DataException("Cannot list images in " + path + ": " + DataException.reason(e), e);
    }
  }

  private static FileTree tree(FileSystem fileSystem, FileStatus status) throws IOException {
    if (status.isDirectory()) {
      return Directory.read(fileSystem, status.getPath());
    }
    String name = status.getPath().getName().toLowerCase(Locale.ROOT);
    if (name.endsWith(".gz") || name.endsWith(".tgz")) {
      throw new DataException(
          "Cannot read " + status.getPath() + ": it is gzip-compressed, gunzip it first");
    }
    return Tar.read(fileSystem, status);
  }
}
