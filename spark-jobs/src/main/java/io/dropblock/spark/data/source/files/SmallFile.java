package io.dropblock.spark.data.source.files;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.files.HadoopPath;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** A file beside the images, read whole: labels, class names. */
public final class SmallFile {
  /** Anything longer is another file. */
  public static final int MAX_BYTES = 16 << 20;

  private SmallFile() {}

  /**
   * Reads a file.
   *
   * @throws DataException where it is missing, unreadable or longer than {@link #MAX_BYTES}
   */
  public static byte[] read(Path path, Configuration configuration) {
    try {
      FileSystem fileSystem = HadoopPath.fileSystem(path, configuration);
      FileStatus status = fileSystem.getFileStatus(path);
      if (!status.isFile()) {
        throw new DataException("Cannot read " + path + ": it is a folder, not a file");
      }
      return read(
          path.toString(),
          new FileTree.Entry("", path.toString(), 0, status.getLen()),
          configuration);
    } catch (FileNotFoundException e) {
      throw new DataException("Cannot read " + path + ": there is no such file", e);
    } catch (IOException e) {
      throw new DataException("Cannot read " + path + ": " + DataException.reason(e), e);
    }
  }

  /**
   * Reads a file where it lies, also within a tar.
   *
   * @param title what it is called in errors
   * @throws DataException where it is unreadable or longer than {@link #MAX_BYTES}
   */
  public static byte[] read(String title, FileTree.Entry entry, Configuration configuration) {
    if (entry.length() > MAX_BYTES) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "Cannot read %s: %d bytes are more than %d, is it another file?",
              title,
              entry.length(),
              MAX_BYTES));
    }
    byte[] bytes = new byte[(int) entry.length()];
    Path container = new Path(entry.container());
    try (FSDataInputStream in = HadoopPath.fileSystem(container, configuration).open(container)) {
      in.readFully(entry.offset(), bytes);
      return bytes;
    } catch (IOException e) {
      throw new DataException("Cannot read " + title + ": " + DataException.reason(e), e);
    }
  }

  /** The lines of a text, without blanks around them and without empty lines at the end. */
  public static List<String> lines(byte[] text) {
    return new String(text, StandardCharsets.UTF_8)
        .stripTrailing()
        .lines()
        .map(String::strip)
        .toList();
  }
}
