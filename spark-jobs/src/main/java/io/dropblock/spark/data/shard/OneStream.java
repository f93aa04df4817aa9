package io.dropblock.spark.data.shard;

import java.io.IOException;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;

/** A file that Parquet opens, with the stream that it reads it by: to read from it, too. */
final class OneStream implements InputFile {
  private final InputFile file;
  private SeekableInputStream stream;

  OneStream(InputFile file) {
    this.file = file;
  }

  @Override
  public long getLength() throws IOException {
    return file.getLength();
  }

  @Override
  public SeekableInputStream newStream() throws IOException {
    stream = file.newStream();
    return stream;
  }

  /** The one opened last, which Parquet closes; it seeks before each of its reads. */
  SeekableInputStream stream() {
    return stream;
  }
}
