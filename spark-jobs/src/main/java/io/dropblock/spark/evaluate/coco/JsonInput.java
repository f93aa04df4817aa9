package io.dropblock.spark.evaluate.coco;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.source.files.FileTree;
import io.dropblock.spark.data.source.files.PlainStream;
import io.dropblock.spark.files.HadoopPath;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/** A file that a user named, with JSON in it. */
final class JsonInput {
  private final Path path;
  private final FileTree.Entry entry;
  private final Configuration configuration;

  private JsonInput(Path path, FileTree.Entry entry, Configuration configuration) {
    this.path = path;
    this.entry = entry;
    this.configuration = configuration;
  }

  /**
   * Looks whether it is there.
   *
   * @throws DataException where it is missing, empty, or a folder
   */
  static JsonInput of(Path path, Configuration configuration) {
    try {
      FileStatus status = HadoopPath.fileSystem(path, configuration).getFileStatus(path);
      if (!status.isFile()) {
        throw new DataException("Cannot read " + path + ": it is a folder, not a file");
      }
      if (status.getLen() == 0) {
        throw new DataException("Cannot read " + path + ": it is empty");
      }
      FileTree.Entry entry = new FileTree.Entry("", path.toString(), 0, status.getLen());
      return new JsonInput(path, entry, configuration);
    } catch (FileNotFoundException e) {
      throw new DataException("Cannot read " + path + ": there is no such file", e);
    } catch (IOException e) {
      throw new DataException("Cannot read " + path + ": " + DataException.reason(e), e);
    }
  }

  /** Its full address. */
  String title() {
    return path.toString();
  }

  /** Where it lies. */
  FileTree.Entry entry() {
    return entry;
  }

  /** Hadoop's. */
  Configuration configuration() {
    return configuration;
  }

  /** Its bytes, unpacked where they are gzip's. */
  InputStream open() throws IOException {
    return PlainStream.open(entry, configuration);
  }
}
