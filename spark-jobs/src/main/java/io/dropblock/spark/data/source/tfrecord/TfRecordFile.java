package io.dropblock.spark.data.source.tfrecord;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.files.MaskedChecksum;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;

/**
 * Reads a TFRecord file: for each record its length (8 bytes, little-endian), a masked CRC-32C of
 * these, the data, and a masked CRC-32C of them ({@code tensorflow/core/lib/io/record_writer.h}).
 * Both sums are checked, the length before anything is allocated by it.
 */
final class TfRecordFile {
  /** Longer records hold no photograph. */
  static final int MAX_RECORD_BYTES = 256 << 20;

  private static final int HEADER_BYTES = 12;
  private static final int LENGTH_BYTES = 8;
  private static final int FOOTER_BYTES = 4;

  private final String path;
  private final long fileLength;
  private final FSDataInputStream in;
  private byte[] data = new byte[1 << 16];

  private TfRecordFile(FileStatus status, FSDataInputStream in) {
    this.path = status.getPath().toString();
    this.fileLength = status.getLen();
    this.in = in;
  }

  /** What to do with a record. */
  interface Visitor {
    /**
     * Told each record in turn.
     *
     * @param number of the record, from 0
     * @param offset of its data within the file
     * @param data the record's, valid during this call only
     */
    void record(int number, long offset, ByteBuffer data);

    /**
     * Told a record in turn whose data are not what was written. Its length is, so the records
     * behind it are found.
     */
    void damaged(int number, String reason);
  }

  /**
   * Reads all records.
   *
   * @throws DataException where the file is cut short or compressed, or a length is damaged:
   *     nothing can be found behind it
   */
  static void read(FileSystem fileSystem, FileStatus status, Visitor visitor) throws IOException {
    try (FSDataInputStream in = fileSystem.open(status.getPath())) {
      new TfRecordFile(status, in).readAll(visitor);
    }
  }

  private void readAll(Visitor visitor) throws IOException {
    byte[] header = new byte[HEADER_BYTES];
    long position = 0;
    for (int number = 0; position < fileLength; number++) {
      if (fileLength - position < HEADER_BYTES + FOOTER_BYTES) {
        throw broken(
            number,
            String.format(Locale.ROOT, "its last %d bytes are cut short", fileLength - position));
      }
      in.readFully(header);
      int length = length(header, number, fileLength - position - HEADER_BYTES - FOOTER_BYTES);
      if (data.length < length + FOOTER_BYTES) {
        data = new byte[length + FOOTER_BYTES];
      }
      in.readFully(data, 0, length + FOOTER_BYTES);
      if (MaskedChecksum.of(data, length) == littleEndian(data).getInt(length)) {
        visitor.record(number, position + HEADER_BYTES, ByteBuffer.wrap(data, 0, length));
      } else {
        visitor.damaged(number, "its data have a wrong checksum");
      }
      position += HEADER_BYTES + (long) length + FOOTER_BYTES;
    }
  }

  private int length(byte[] header, int number, long left) {
    if (number == 0 && header[0] == 0x1F && header[1] == (byte) 0x8B) {
      throw new DataException("Cannot read " + path + ": it is gzip-compressed, gunzip it first");
    }
    if (MaskedChecksum.of(header, LENGTH_BYTES) != littleEndian(header).getInt(LENGTH_BYTES)) {
      throw broken(number, "its length has a wrong checksum");
    }
    long length = littleEndian(header).getLong(0);
    if (length < 0 || length > MAX_RECORD_BYTES) {
      throw broken(
          number,
          String.format(
              Locale.ROOT,
              "it should have %s bytes, more than %d",
              Long.toUnsignedString(length),
              MAX_RECORD_BYTES));
    }
    if (length > left) {
      throw broken(
          number,
          String.format(
              Locale.ROOT,
              "it should have %d bytes, but only %d are left, cut short",
              length,
              left));
    }
    return (int) length;
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private DataException broken(int number, String reason) {
    return new DataException(
        String.format(Locale.ROOT, "Cannot read %s: record %d: %s", path, number, reason));
  }
}
