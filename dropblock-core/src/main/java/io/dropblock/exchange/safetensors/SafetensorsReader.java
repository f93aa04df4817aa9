package io.dropblock.exchange.safetensors;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads one file: the length of the header, the header, the data that it describes. */
final class SafetensorsReader {
  static final String METADATA = "__metadata__";

  /** As the library of that name has it. */
  private static final long MOST_HEADER = 100L << 20;

  private final InputStream file;
  private final long length;

  SafetensorsReader(InputStream file, long length) {
    this.file = file;
    this.length = length;
  }

  Safetensors read() throws IOException {
    if (length < Long.BYTES) {
      throw new SafetensorsException(
          "it has " + length + " bytes, not even the 8 that give its header's length");
    }
    long size = ByteBuffer.wrap(bytes(Long.BYTES)).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (size < 0 || size > MOST_HEADER) {
      throw new SafetensorsException(
          String.format(
              Locale.ROOT,
              "its header is said to have %s bytes, more than 100 MiB",
              Long.toUnsignedString(size)));
    }
    if (size > length - Long.BYTES) {
      throw new SafetensorsException(
          "its header is said to have " + size + " bytes, and the file has " + length);
    }
    SafetensorsHeader header = SafetensorsHeader.parse(bytes((int) size));
    List<Map.Entry<String, SafetensorsHeader.Entry>> entries =
        new ArrayList<>(header.tensors().entrySet());
    entries.sort(
        Comparator.<Map.Entry<String, SafetensorsHeader.Entry>>comparingLong(
                one -> one.getValue().begin())
            .thenComparingLong(one -> one.getValue().end()));
    requireTiled(entries, length - Long.BYTES - size);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Map.Entry<String, SafetensorsHeader.Entry> entry : entries) {
      SafetensorsHeader.Entry value = entry.getValue();
      tensors.put(
          entry.getKey(),
          new Tensor(value.type(), value.shape(), bytes((int) (value.end() - value.begin()))));
    }
    return new Safetensors(tensors, header.metadata());
  }

  /** The ranges follow each other without gap or overlap, and all data are in one. */
  private static void requireTiled(
      List<Map.Entry<String, SafetensorsHeader.Entry>> entries, long data)
      throws SafetensorsException {
    long end = 0;
    for (Map.Entry<String, SafetensorsHeader.Entry> entry : entries) {
      SafetensorsHeader.Entry value = entry.getValue();
      if (value.begin() != end) {
        throw new SafetensorsException(
            String.format(
                Locale.ROOT,
                "tensor %s begins at byte %d of the data, and those before it end at %d",
                SafetensorsHeader.shown(entry.getKey()),
                value.begin(),
                end));
      }
      end = value.end();
    }
    if (end != data) {
      throw new SafetensorsException(
          "its tensors end at byte " + end + " of the data, which have " + data);
    }
  }

  private byte[] bytes(int count) throws IOException {
    byte[] bytes = file.readNBytes(count);
    if (bytes.length < count) {
      throw new EOFException("it ends " + (count - bytes.length) + " bytes too early");
    }
    return bytes;
  }
}
