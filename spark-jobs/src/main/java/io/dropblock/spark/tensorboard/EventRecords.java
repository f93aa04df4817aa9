package io.dropblock.spark.tensorboard;

import io.dropblock.spark.files.MaskedChecksum;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The TFRecords of an event file: of each its length (8 bytes, little-endian), a masked checksum of
 * these, the data, and a masked checksum of them ({@code tensorflow/core/lib/io/record_writer.h}).
 */
final class EventRecords {
  private static final int LENGTH_BYTES = Long.BYTES;
  private static final int HEADER_BYTES = LENGTH_BYTES + Integer.BYTES;

  private EventRecords() {}

  /** The record of some data. */
  static byte[] record(byte[] data) {
    ByteBuffer record = littleEndian(new byte[HEADER_BYTES + data.length + Integer.BYTES]);
    record.putLong(data.length);
    record.putInt(MaskedChecksum.of(record.array(), LENGTH_BYTES));
    record.put(data);
    record.putInt(MaskedChecksum.of(data, data.length));
    return record.array();
  }

  /** The data of all records to the end, or to the first that is cut short or damaged. */
  static List<byte[]> read(byte[] file) {
    List<byte[]> records = new ArrayList<>();
    ByteBuffer rest = littleEndian(file);
    for (Optional<byte[]> next = next(rest); next.isPresent(); next = next(rest)) {
      records.add(next.get());
    }
    return records;
  }

  private static Optional<byte[]> next(ByteBuffer rest) {
    if (rest.remaining() < HEADER_BYTES) {
      return Optional.empty();
    }
    byte[] lengthBytes = new byte[LENGTH_BYTES];
    rest.get(lengthBytes);
    long length = littleEndian(lengthBytes).getLong();
    if (rest.getInt() != MaskedChecksum.of(lengthBytes, LENGTH_BYTES)
        || length < 0
        || length > rest.remaining() - Integer.BYTES) {
      return Optional.empty();
    }
    byte[] data = new byte[(int) length];
    rest.get(data);
    return rest.getInt() == MaskedChecksum.of(data, data.length)
        ? Optional.of(data)
        : Optional.empty();
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
