package io.dropblock.spark.train;

import java.io.IOException;
import org.apache.hadoop.fs.FSError;

/**
 * Errors of file systems, all of them as {@link IOException}s. Hadoop's local one throws an {@link
 * Error} where a write or a read fails, as on a full disk.
 */
final class FileErrors {
  private FileErrors() {}

  /** Calls of a file system. */
  interface Calls<T> {
    T make() throws IOException;
  }

  /** What the calls return, with {@link FSError} as the {@link IOException} that it was. */
  static <T> T asExceptions(Calls<T> calls) throws IOException {
    try {
      return calls.make();
    } catch (FSError e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException(cause.getMessage(), e);
    }
  }

  /** What went wrong, in one line; the class where that is all there is to say. */
  static String reason(IOException e) {
    String message = e.getMessage();
    return message == null || message.isBlank()
        ? e.getClass().getSimpleName()
        : message.lines().findFirst().orElseThrow();
  }
}
