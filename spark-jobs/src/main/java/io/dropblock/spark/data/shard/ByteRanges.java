package io.dropblock.spark.data.shard;

import io.dropblock.spark.data.source.ImageFile;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;

/** Reads images from their containers and keeps the last container open. Not thread-safe. */
final class ByteRanges implements Closeable {
  /** Longer files are no photographs. */
  static final long MAX_IMAGE_BYTES = 256L << 20;

  private final Configuration configuration;
  private String container;
  private FSDataInputStream in;

  ByteRanges(Configuration configuration) {
    this.configuration = configuration;
  }

  /** The bytes of some images in the given order; reads them in the order in which they lie. */
  byte[][] read(List<ImageFile> files) throws IOException {
    byte[][] bytes = new byte[files.size()][];
    int[] order =
        IntStream.range(0, files.size())
            .boxed()
            .sorted(
                Comparator.comparing((Integer i) -> files.get(i).container())
                    .thenComparing(i -> files.get(i).offset()))
            .mapToInt(Integer::intValue)
            .toArray();
    for (int i : order) {
      bytes[i] = read(files.get(i));
    }
    return bytes;
  }

  private byte[] read(ImageFile file) throws IOException {
    if (file.length() > MAX_IMAGE_BYTES) {
      throw new IOException("image %s has %d bytes".formatted(file.name(), file.length()));
    }
    try {
      if (!file.container().equals(container)) {
        open(file.container());
      }
      byte[] bytes = new byte[(int) file.length()];
      in.seek(file.offset());
      in.readFully(bytes);
      return bytes;
    } catch (EOFException e) {
      throw new IOException(
          "image %s is shorter than when it was listed".formatted(file.name()), e);
    }
  }

  private void open(String next) throws IOException {
    close();
    Path path = new Path(next);
    in = path.getFileSystem(configuration).open(path);
    container = next;
  }

  @Override
  public void close() throws IOException {
    container = null;
    if (in != null) {
      FSDataInputStream closing = in;
      in = null;
      closing.close();
    }
  }
}
