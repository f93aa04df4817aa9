package io.dropblock.spark.data.source.files;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.files.HadoopPath;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** A folder or a file that somebody names as a data set, before it is known which one it is. */
public final class Place {
  private final FileSystem fileSystem;
  private final FileStatus status;
  private final Configuration configuration;
  private List<FileStatus> children;
  private Optional<FileTree> tar;

  private Place(FileSystem fileSystem, FileStatus status, Configuration configuration) {
    this.fileSystem = fileSystem;
    this.status = status;
    this.configuration = configuration;
  }

  /**
   * What lies at a path.
   *
   * @throws java.io.FileNotFoundException where nothing does
   * @throws IOException where that cannot be told
   */
  public static Place at(Path path, Configuration configuration) throws IOException {
    FileSystem fileSystem = HadoopPath.fileSystem(path, configuration);
    return new Place(fileSystem, fileSystem.getFileStatus(path), configuration);
  }

  /** Its full address. */
  public Path path() {
    return status.getPath();
  }

  /** Whether it is a folder, not a file. */
  public boolean isFolder() {
    return status.isDirectory();
  }

  /** Where it is stored. */
  public FileSystem fileSystem() {
    return fileSystem;
  }

  /** With which files are read. */
  public Configuration configuration() {
    return configuration;
  }

  /**
   * The files and folders directly in it, listed once; a file is its own only child.
   *
   * @throws IOException where it cannot be listed
   */
  public List<FileStatus> children() throws IOException {
    if (children == null) {
      children = isFolder() ? List.of(fileSystem.listStatus(path())) : List.of(status);
    }
    return children;
  }

  /**
   * What it holds where it is a tar, whose headers are read once; nothing where it is none, or a
   * damaged one, of which its reader says more.
   *
   * @throws IOException where it cannot be read
   */
  public Optional<FileTree> tar() throws IOException {
    if (tar == null) {
      tar = isFolder() ? Optional.empty() : readTar();
    }
    return tar;
  }

  private Optional<FileTree> readTar() throws IOException {
    try {
      return Optional.of(Tar.read(fileSystem, status));
    } catch (DataException e) {
      return Optional.empty();
    }
  }
}
