package io.dropblock.spark.data.source;

import io.dropblock.spark.files.HadoopPath;
import java.io.IOException;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Where a drawn data set goes. */
record DrawnFolder(FileSystem files, Path path) {
  /** Writes a file, and the folders it is in; over one that is there. */
  void write(String name, byte[] bytes) throws IOException {
    try (FSDataOutputStream out = files.create(HadoopPath.in(path, name), true)) {
      out.write(bytes);
    }
  }
}
