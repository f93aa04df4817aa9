package io.dropblock.spark.predict;

import io.dropblock.spark.predict.output.FinishedParts;
import io.dropblock.spark.predict.output.WrittenFile;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;

/**
 * Where an attempt of a task writes a part.
 *
 * @param parts the folder
 * @param part the name of the part; the order of names is that of the parts
 * @param attempt is like no other attempt, of this run or another
 * @param configuration Hadoop's
 */
public record PartPlace(
    FinishedParts parts, String part, String attempt, Configuration configuration) {

  /** Where a file is written. */
  Path temporary(String file) {
    return parts.temporary(file, attempt);
  }

  /** Gives it its name. */
  WrittenFile rename(String file) throws IOException {
    return parts.rename(temporary(file), file);
  }

  /** Deletes what has not got its name. */
  void delete(String file) throws IOException {
    parts.fileSystem().delete(temporary(file), false);
  }

  /** Writes a file and gives it its name. */
  WrittenFile write(String file, byte[] bytes) throws IOException {
    try {
      try (FSDataOutputStream out = parts.fileSystem().create(temporary(file), true)) {
        out.write(bytes);
      }
      return rename(file);
    } finally {
      delete(file);
    }
  }
}
