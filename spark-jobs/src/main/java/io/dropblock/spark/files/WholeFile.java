package io.dropblock.spark.files;

import java.io.IOException;
import java.io.OutputStream;
import java.util.UUID;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;

/** Files that are whole or not there, whatever happens while they are written. */
public final class WholeFile {
  private WholeFile() {}

  /**
   * Writes a new file: under a name of its own in the same folder, synced where the file system
   * can, and renamed. Where that fails nothing is left behind.
   *
   * @param file must not exist; its folder must, so that a late writer does not bring a deleted
   *     folder back
   * @throws FileAlreadyExistsException where it exists
   * @throws IOException also in place of Hadoop's {@link FSError}, such as for a full disk
   */
  public static void write(FileSystem fileSystem, Path file, byte[] bytes) throws IOException {
    write(
        fileSystem,
        file,
        out -> out.write(bytes),
        unfinished -> {
          if (fileSystem.exists(file)) {
            throw new FileAlreadyExistsException(file + " exists already");
          }
          rename(fileSystem, unfinished, file);
        });
  }

  /**
   * The same in place of a file that is there. Where the file system cannot rename onto one, there
   * is none for a moment.
   */
  public static void replace(FileSystem fileSystem, Path file, byte[] bytes) throws IOException {
    replace(fileSystem, file, out -> out.write(bytes));
  }

  /**
   * The same of a file that need not fit into memory.
   *
   * @param content writes the bytes and does not close the stream
   */
  public static void replace(FileSystem fileSystem, Path file, Content content) throws IOException {
    write(
        fileSystem,
        file,
        content,
        unfinished -> {
          if (!isRenamed(fileSystem, unfinished, file)) {
            fileSystem.delete(file, false);
            rename(fileSystem, unfinished, file);
          }
        });
  }

  /** Writes all bytes of a file. */
  @FunctionalInterface
  public interface Content {
    /** Writes them. */
    void writeTo(OutputStream out) throws IOException;
  }

  /** What follows when all bytes are written. */
  private interface Commit {
    void accept(Path unfinished) throws IOException;
  }

  private static void write(FileSystem fileSystem, Path file, Content content, Commit commit)
      throws IOException {
    Path unfinished =
        HadoopPath.in(file.getParent(), "." + file.getName() + "." + UUID.randomUUID());
    try {
      writeSynced(fileSystem, unfinished, content);
      commit.accept(unfinished);
    } catch (IOException | FSError e) {
      throw deleted(fileSystem, unfinished, plain(e));
    } catch (RuntimeException e) {
      throw deleted(fileSystem, unfinished, e);
    }
  }

  /** Deletes what is unfinished; the failure that it is for. */
  private static <E extends Exception> E deleted(
      FileSystem fileSystem, Path unfinished, E failure) {
    try {
      fileSystem.delete(unfinished, false);
    } catch (IOException | FSError more) {
      failure.addSuppressed(more);
    }
    return failure;
  }

  private static void rename(FileSystem fileSystem, Path from, Path to) throws IOException {
    if (!fileSystem.rename(from, to)) {
      throw new IOException("cannot rename " + from + " to " + to);
    }
  }

  /** A local disk renames onto a file that is there; others refuse, in either way. */
  private static boolean isRenamed(FileSystem fileSystem, Path from, Path to) throws IOException {
    try {
      return fileSystem.rename(from, to);
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  private static void writeSynced(FileSystem fileSystem, Path file, Content content)
      throws IOException {
    try (FSDataOutputStream out = fileSystem.createFile(file).overwrite(false).build()) {
      content.writeTo(out);
      if (out.hasCapability(StreamCapabilities.HSYNC)) {
        out.hsync();
      }
    }
  }

  /**
   * A failure of a file system as an exception. Hadoop throws an error, {@link FSError}, where a
   * local disk cannot be written; this is what the disk said.
   */
  public static IOException plain(Throwable failure) {
    if (failure instanceof FSError && failure.getCause() != null) {
      IOException told = new IOException(failure.getCause().getMessage(), failure.getCause());
      told.addSuppressed(failure);
      return told;
    }
    return failure instanceof IOException e ? e : new IOException(failure.getMessage(), failure);
  }
}
