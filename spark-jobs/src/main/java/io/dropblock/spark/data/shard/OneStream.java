package io.dropblock.spark.data.shard;

import java.io.IOException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.util.HadoopStreams;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;

/**
 * A file that Parquet opens, with the stream that it reads it by: to read from it, too. On a local
 * disk without Hadoop's checksums in the file beside it, as a shard has its own.
 */
final class OneStream implements InputFile {
  private final FileSystem fileSystem;
  private final Path path;
  private SeekableInputStream stream;

  OneStream(FileSystem fileSystem, Path path) {
    this.fileSystem =
        fileSystem instanceof LocalFileSystem local ? local.getRawFileSystem() : fileSystem;
    this.path = path;
  }

  @Override
  public long getLength() throws IOException {
    return fileSystem.getFileStatus(path).getLen();
  }

  @Override
  public SeekableInputStream newStream() throws IOException {
    stream = HadoopStreams.wrap(fileSystem.open(path));
    return stream;
  }

  /** The one opened last, which Parquet closes; it seeks before each of its reads. */
  SeekableInputStream stream() {
    return stream;
  }
}
