package io.dropblock.spark.preflight.slot;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.files.HadoopPath;
import io.dropblock.spark.files.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A folder of our own where a run folder is or will be, to see what can be done there. It goes with
 * all that is in it when it is closed.
 */
public final class ProbeFolder implements AutoCloseable {
  private static final String FILE = "driver";
  private static final int LIMIT = 1 << 10;

  private final FileSystem files;
  private final Path path;
  private final String token = UUID.randomUUID().toString();

  private ProbeFolder(FileSystem files, Path path) {
    this.files = files;
    this.path = path;
  }

  /**
   * Makes it, in a folder or in the lowest one above that there is.
   *
   * @throws IOException where it cannot be made
   */
  public static ProbeFolder in(Path folder, Configuration configuration) throws IOException {
    FileSystem files = HadoopPath.fileSystem(folder, configuration);
    Path above = files.makeQualified(folder);
    while (!files.exists(above) && !above.isRoot()) {
      above = above.getParent();
    }
    if (!files.getFileStatus(above).isDirectory()) {
      throw new IOException(above + " is not a directory");
    }
    Path path = HadoopPath.in(above, ".check-" + UUID.randomUUID());
    try {
      if (!files.mkdirs(path)) {
        throw new IOException("cannot make a folder in " + above);
      }
    } catch (FSError e) {
      throw WholeFile.plain(e);
    }
    return new ProbeFolder(files, path);
  }

  /**
   * Does there once what a training does: makes a folder, writes a file, syncs and renames it,
   * writes another in its place, reads, lists and deletes. Leaves nothing behind.
   *
   * @throws DataException where any of it fails: {@code Cannot write to run folder ...}
   */
  public static void requireWritable(Path folder, Configuration configuration) {
    try (ProbeFolder probe = in(folder, configuration)) {
      probe.write();
    } catch (IOException e) {
      throw new DataException(
          "Cannot write to run folder " + folder + ": " + DataException.reason(e), e);
    }
  }

  /**
   * All of that but the end; the file stays, for others to read.
   *
   * @throws IOException naming what failed
   */
  public void write() throws IOException {
    Path file = HadoopPath.in(path, FILE);
    WholeFile.write(files, file, bytes("another"));
    WholeFile.replace(files, file, bytes(token));
    requireToken(files, path, token);
    boolean listed =
        Arrays.stream(files.listStatus(path)).anyMatch(one -> one.getPath().getName().equals(FILE));
    if (!listed) {
      throw new IOException("a file that was written is not listed in " + path);
    }
  }

  /**
   * What an executor does there: reads what the driver wrote, writes a file, and deletes it.
   *
   * @param path the folder's
   * @param token what the driver wrote
   * @param name of its own file
   * @throws IOException naming what failed
   */
  static void join(Path path, String token, String name, Configuration configuration)
      throws IOException {
    FileSystem files = HadoopPath.fileSystem(path, configuration);
    requireToken(files, path, token);
    Path mine = HadoopPath.in(path, name);
    WholeFile.write(files, mine, bytes(name));
    files.delete(mine, false);
  }

  private static void requireToken(FileSystem files, Path path, String token) throws IOException {
    try (FSDataInputStream in = files.open(HadoopPath.in(path, FILE))) {
      if (!Arrays.equals(in.readNBytes(LIMIT), bytes(token))) {
        throw new IOException("what was written to " + path + " reads otherwise");
      }
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  public Path path() {
    return path;
  }

  public String token() {
    return token;
  }

  /** Bytes that the file system has room for. */
  public long remaining() throws IOException {
    return files.getStatus(path).getRemaining();
  }

  @Override
  public void close() throws IOException {
    try {
      if (files.exists(path) && !files.delete(path, true)) {
        throw new IOException("cannot delete " + path);
      }
    } catch (FSError e) {
      throw WholeFile.plain(e);
    }
  }
}
