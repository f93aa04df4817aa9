package io.dropblock.spark.data.shard;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;

/**
 * A new file for Parquet whose length and SHA-256 are known when it is closed, with an {@link
 * OrderedFooter}.
 */
public final class HashedOutput implements OutputFile, Closeable {
  private final FileSystem fileSystem;
  private final Path path;
  private final MessageDigest digest;
  private FSDataOutputStream out;
  private long position;
  // What Parquet wrote of the footer; null before it begins.
  private ByteArrayOutputStream footer;

  HashedOutput(FileSystem fileSystem, Path path) {
    this.fileSystem = fileSystem;
    this.path = path;
    this.digest = sha256Digest();
  }

  /** A fresh digest, which every Java has. */
  public static MessageDigest sha256Digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Bytes written so far. */
  long bytes() {
    return position;
  }

  /** Hash of everything written; once, after the file is closed. */
  String sha256() {
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Says that what is written from here on is the footer. */
  void beginFooter() {
    footer = new ByteArrayOutputStream();
  }

  /** Closes the file where it is open still, as behind a failure of Parquet's. */
  @Override
  public void close() throws IOException {
    if (out != null) {
      FSDataOutputStream closing = out;
      out = null;
      closing.close();
    }
  }

  @Override
  public PositionOutputStream create(long blockSizeHint) throws IOException {
    // Not recursive: a late attempt of a task must not bring a deleted staging folder back.
    out = fileSystem.createFile(path).overwrite(false).build();
    return new Stream();
  }

  private void writeThrough(byte[] bytes, int offset, int length) throws IOException {
    out.write(bytes, offset, length);
    digest.update(bytes, offset, length);
    position += length;
  }

  /** Parquet's view of the file. */
  private final class Stream extends PositionOutputStream {
    @Override
    public long getPos() {
      return footer == null ? position : position + footer.size();
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (footer == null) {
        writeThrough(bytes, offset, length);
      } else {
        footer.write(bytes, offset, length);
      }
    }

    @Override
    public void flush() throws IOException {
      out.flush();
    }

    @Override
    public void close() throws IOException {
      try {
        byte[] ordered = OrderedFooter.of(footer.toByteArray());
        writeThrough(ordered, 0, ordered.length);
      } finally {
        HashedOutput.this.close();
      }
    }
  }

  @Override
  public PositionOutputStream createOrOverwrite(long blockSizeHint) throws IOException {
    return create(blockSizeHint);
  }

  @Override
  public boolean supportsBlockSize() {
    // Keeps Parquet from ending row groups early to align them with the blocks of HDFS.
    return false;
  }

  @Override
  public long defaultBlockSize() {
    return 0;
  }

  @Override
  public String getPath() {
    return path.toString();
  }
}
