package io.dropblock.spark.train.checkpoint;

import io.dropblock.nn.StateBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;

/**
 * A file of a checkpoint as it is written: piece by piece, with its checksum. One that is given up
 * stops between two pieces.
 */
final class HashedFile implements AutoCloseable {
  private static final int PIECE = 1 << 20;

  private final Path path;
  private final FSDataOutputStream out;
  private final MessageDigest digest = sha256();
  private long bytes;

  /** Creates it, in place of one that is there. */
  HashedFile(FileSystem files, Path path) throws IOException {
    this.path = path;
    this.out = files.create(path, true);
  }

  /** An array of a network, which need not fit into one of Java's. */
  void write(StateBytes state, String array) throws IOException {
    byte[] piece = new byte[(int) Math.min(PIECE, state.length(array))];
    state.forEachPart(array, part -> write(part, piece));
  }

  private void write(ByteBuffer part, byte[] piece) throws IOException {
    while (part.hasRemaining()) {
      int length = Math.min(piece.length, part.remaining());
      part.get(piece, 0, length);
      write(piece, length);
    }
  }

  void write(byte[] content) throws IOException {
    write(content, content.length);
  }

  private void write(byte[] piece, int length) throws IOException {
    WriteTurn.requireGoing();
    digest.update(piece, 0, length);
    out.write(piece, 0, length);
    bytes += length;
  }

  /** All is written: brings it to the disk, where the file system can. */
  Checkpoint.Entry sync() throws IOException {
    if (out.hasCapability(StreamCapabilities.HSYNC)) {
      out.hsync();
    }
    return new Checkpoint.Entry(path.getName(), bytes, HexFormat.of().formatHex(digest.digest()));
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  /** As a manifest has it. */
  static String checksum(byte[] content) {
    return HexFormat.of().formatHex(sha256().digest(content));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}
