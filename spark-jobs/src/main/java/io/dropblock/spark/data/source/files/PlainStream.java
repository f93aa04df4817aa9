package io.dropblock.spark.data.source.files;

import io.dropblock.spark.files.HadoopPath;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.utils.BoundedInputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;

/** Opens a file where it lies, also within a tar, and unpacks it where it is compressed. */
public final class PlainStream {
  private static final int BUFFER_BYTES = 1 << 16;

  private PlainStream() {}

  /**
   * Its bytes, not compressed: a file that begins as gzip's do is unpacked, whatever its name.
   *
   * @throws IOException where it cannot be read
   */
  public static InputStream open(FileTree.Entry entry, Configuration configuration)
      throws IOException {
    Path container = new Path(entry.container());
    FSDataInputStream file = HadoopPath.fileSystem(container, configuration).open(container);
    try {
      file.seek(entry.offset());
      InputStream in =
          new BufferedInputStream(new BoundedInputStream(file, entry.length()), BUFFER_BYTES);
      in.mark(2);
      boolean gzip = in.read() == 0x1F && in.read() == 0x8B;
      in.reset();
      return gzip ? new GZIPInputStream(in, BUFFER_BYTES) : in;
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }
}
