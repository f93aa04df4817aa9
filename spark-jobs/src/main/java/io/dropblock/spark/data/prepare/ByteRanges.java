package io.dropblock.spark.data.prepare;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.source.GroundTruth;
import io.dropblock.spark.data.source.ImageFile;
import io.dropblock.spark.data.source.files.FileTree;
import io.dropblock.spark.files.HadoopPath;
import io.dropblock.spark.files.WholeFile;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;

/**
 * Reads images, or their label files, from their containers and keeps the last container open. Not
 * thread-safe.
 */
public final class ByteRanges implements Closeable {
  /** Some bytes of a file; {@code what} they are is for errors. */
  private record Range(String container, long offset, long length, String what) {}

  /** Longer files are no photographs. */
  public static final long MAX_IMAGE_BYTES = 256L << 20;

  private final Configuration configuration;
  private String container;
  private FSDataInputStream in;

  /** Opens nothing yet. */
  public ByteRanges(Configuration configuration) {
    this.configuration = configuration;
  }

  /** The bytes of some images in the given order; reads them in the order in which they lie. */
  byte[][] images(List<ImageFile> files) throws IOException {
    List<Range> ranges = new ArrayList<>();
    for (ImageFile file : files) {
      ranges.add(new Range(file.container(), file.offset(), file.length(), "image " + file.name()));
    }
    return read(ranges);
  }

  /** The bytes of these images' label files; null for an image without one. */
  byte[][] labels(List<ImageFile> files) throws IOException {
    List<Range> ranges = new ArrayList<>();
    for (ImageFile file : files) {
      ranges.add(
          file.truth() instanceof GroundTruth.LabelFile label
              ? new Range(label.container(), label.offset(), label.length(), label.name())
              : null);
    }
    return read(ranges);
  }

  /** The bytes of a file, whatever it is. */
  public byte[] file(FileTree.Entry file) throws IOException {
    return read(new Range(file.container(), file.offset(), file.length(), file.name()));
  }

  private byte[][] read(List<Range> ranges) throws IOException {
    byte[][] bytes = new byte[ranges.size()][];
    int[] order =
        IntStream.range(0, ranges.size())
            .filter(i -> ranges.get(i) != null)
            .boxed()
            .sorted(
                Comparator.comparing((Integer i) -> ranges.get(i).container())
                    .thenComparing(i -> ranges.get(i).offset()))
            .mapToInt(Integer::intValue)
            .toArray();
    for (int i : order) {
      bytes[i] = read(ranges.get(i));
    }
    return bytes;
  }

  private byte[] read(Range range) throws IOException {
    if (range.length() > MAX_IMAGE_BYTES) {
      throw new IOException(
          String.format(Locale.ROOT, "%s has %d bytes", range.what(), range.length()));
    }
    try {
      if (!range.container().equals(container)) {
        open(range.container());
      }
      byte[] bytes = new byte[(int) range.length()];
      in.seek(range.offset());
      in.readFully(bytes);
      return bytes;
    } catch (EOFException e) {
      throw new DataException(
          String.format(
              Locale.ROOT, "Cannot read %s: it is shorter than when it was listed", range.what()),
          e);
    } catch (FSError e) {
      // A local disk that cannot be read.
      throw new DataException(
          String.format(
              Locale.ROOT,
              "Cannot read %s: %s",
              range.what(),
              DataException.reason(WholeFile.plain(e))),
          e);
    }
  }

  private void open(String next) throws IOException {
    close();
    Path path = new Path(next);
    in = HadoopPath.fileSystem(path, configuration).open(path);
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
