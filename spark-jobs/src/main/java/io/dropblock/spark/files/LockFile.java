package io.dropblock.spark.files;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** A lock's file, and in what file systems differ about it. */
final class LockFile {
  /** On these, of several that create a file one succeeds, and a time can be set. */
  private static final Set<String> FULL = Set.of("file", "hdfs");

  private static final int MOST_BYTES = 1 << 14;

  /**
   * What is there. Two looks at a lock that is held differ when a beat lies between them.
   *
   * @param holder null where it cannot be read
   * @param changed when, by the file system's clock
   */
  record Look(LockHolder holder, long changed, long bytes) {}

  private final FileSystem fileSystem;
  private final Path path;
  private final boolean full;

  LockFile(FileSystem fileSystem, Path path) {
    // no file with a checksum beside it
    this.fileSystem =
        fileSystem instanceof LocalFileSystem local ? local.getRawFileSystem() : fileSystem;
    this.path = this.fileSystem.makeQualified(path);
    this.full = FULL.contains(this.path.toUri().getScheme());
  }

  /** Whether nobody else has created it at the same time where {@link #create} says so. */
  boolean isExclusive() {
    return full;
  }

  void makeFolder() throws IOException {
    if (!fileSystem.mkdirs(path.getParent())) {
      throw new IOException("cannot make the folder " + path.getParent());
    }
  }

  /**
   * Creates the file in a folder that exists; false where it is there already.
   *
   * @throws IOException where it cannot be written; then it is not there
   */
  boolean create(LockHolder holder) throws IOException {
    OutputStream file;
    try {
      file = newFile();
    } catch (IOException e) {
      // Each file system has its own way to say that another process is creating it.
      if (fileSystem.exists(path)) {
        return false;
      }
      throw e;
    }
    try (file) {
      file.write(holder.bytes());
    } catch (IOException | FSError e) {
      fileSystem.delete(path, false);
      throw WholeFile.plain(e);
    }
    return true;
  }

  private OutputStream newFile() throws IOException {
    if (full && fileSystem instanceof RawLocalFileSystem local) {
      // Hadoop looks first and creates then.
      return Files.newOutputStream(
          local.pathToFile(path).toPath(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }
    return fileSystem.createFile(path).overwrite(false).build();
  }

  /** What is there, if anything. */
  Optional<Look> look() throws IOException {
    try {
      FileStatus status = fileSystem.getFileStatus(path);
      byte[] bytes;
      try (FSDataInputStream in = fileSystem.open(path)) {
        bytes = in.readNBytes(MOST_BYTES);
      }
      return Optional.of(
          new Look(LockHolder.read(bytes), status.getModificationTime(), bytes.length));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  boolean isOf(LockHolder holder) throws IOException {
    return look().filter(found -> holder.equals(found.holder())).isPresent();
  }

  /** A beat, which another process sees; writes nothing where the file system can do without. */
  void renew(LockHolder holder) throws IOException {
    if (full) {
      fileSystem.setTimes(path, System.currentTimeMillis(), -1);
      return;
    }
    try (FSDataOutputStream out = fileSystem.create(path, true)) {
      out.write(holder.bytes());
    }
  }

  void delete() throws IOException {
    fileSystem.delete(path, false);
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
