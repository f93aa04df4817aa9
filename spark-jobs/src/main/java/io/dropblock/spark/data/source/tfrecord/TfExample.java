package io.dropblock.spark.data.source.tfrecord;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.nd4j.shade.protobuf.CodedInputStream;
import org.nd4j.shade.protobuf.WireFormat;

/**
 * A {@code tf.train.Example} ({@code tensorflow/core/example/example.proto}): named features, each
 * a list of byte strings, floats or integers. Values are looked up where they lie, none is copied.
 * The reader of the wire format is Protocol Buffers' own, as ND4J brings it along: Spark's class
 * path has another version of it under its first name.
 */
final class TfExample {
  private static final int FEATURES = 1;
  private static final int ENTRY = 1;
  private static final int KEY = 1;
  private static final int VALUE = 2;
  private static final int BYTES_LIST = 1;
  private static final int INT64_LIST = 3;
  private static final int ITEM = 1;
  private static final int MAX_KEY_BYTES = 1024;

  /** A range of the record's bytes. */
  record Range(int offset, int length) {}

  private final byte[] bytes;
  private final int start;
  private final Map<String, Range> features = new HashMap<>();

  private TfExample(ByteBuffer record) {
    this.bytes = record.array();
    this.start = record.arrayOffset() + record.position();
  }

  /**
   * Finds the features of a record.
   *
   * @param record backed by an array; the example is valid as long as its content is
   * @throws IOException where it is no such message
   */
  static TfExample of(ByteBuffer record) throws IOException {
    TfExample example = new TfExample(record);
    Range whole = new Range(0, record.remaining());
    example.each(whole, FEATURES, features -> example.each(features, ENTRY, example::addEntry));
    return example;
  }

  /** The one byte string of a feature, or null where it has none. */
  Range bytes(String name) throws IOException {
    Range[] last = new Range[1];
    lists(
        name, BYTES_LIST, list -> each(list, ITEM, item -> last[0] = single(name, last[0], item)));
    return last[0];
  }

  /** The one byte string of a feature as text, or null where it has none. */
  String text(String name) throws IOException {
    Range range = bytes(name);
    return range == null
        ? null
        : new String(bytes, start + range.offset(), range.length(), StandardCharsets.UTF_8);
  }

  /** The one integer of a feature, or null where it has none. */
  Long integer(String name) throws IOException {
    Long[] last = new Long[1];
    lists(name, INT64_LIST, list -> last[0] = onlyInteger(name, list));
    return last[0];
  }

  /** Packed or not, as the specification demands of a reader. */
  private Long onlyInteger(String name, Range list) throws IOException {
    Long value = null;
    CodedInputStream in = open(list);
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (tag == ITEM << 3) {
        value = single(name, value, in.readInt64());
      } else if (tag == (ITEM << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
        int outer = in.pushLimit(in.readRawVarint32());
        while (in.getBytesUntilLimit() > 0) {
          value = single(name, value, in.readInt64());
        }
        in.popLimit(outer);
      } else {
        skip(in, tag);
      }
    }
    return value;
  }

  private static <T> T single(String name, T before, T value) throws IOException {
    if (before != null) {
      throw new IOException("its feature " + name + " has more than one value");
    }
    return value;
  }

  private void lists(String name, int kind, RangeConsumer consumer) throws IOException {
    Range feature = features.get(name);
    if (feature != null) {
      each(feature, kind, consumer);
    }
  }

  private void addEntry(Range entry) throws IOException {
    Range[] parts = {new Range(0, 0), new Range(0, 0)};
    each(entry, KEY, key -> parts[0] = key);
    each(entry, VALUE, value -> parts[1] = value);
    if (parts[0].length() > MAX_KEY_BYTES) {
      throw new IOException("the name of a feature has " + parts[0].length() + " bytes");
    }
    String key =
        new String(bytes, start + parts[0].offset(), parts[0].length(), StandardCharsets.UTF_8);
    features.put(key, parts[1]);
  }

  /** Calls for each length-delimited field of a number, in order; passes over all others. */
  private void each(Range message, int field, RangeConsumer consumer) throws IOException {
    CodedInputStream in = open(message);
    int wanted = field << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (tag != wanted) {
        skip(in, tag);
        continue;
      }
      int length = in.readRawVarint32();
      Range range = new Range(message.offset() + in.getTotalBytesRead(), length);
      // Refuses a length below 0 or beyond the message.
      in.skipRawBytes(length);
      consumer.accept(range);
    }
  }

  /** Nested groups would be skipped by recursion, as deep as they go; an example has none. */
  private static void skip(CodedInputStream in, int tag) throws IOException {
    int type = WireFormat.getTagWireType(tag);
    if (type == WireFormat.WIRETYPE_START_GROUP || type == WireFormat.WIRETYPE_END_GROUP) {
      throw new IOException("it holds a group");
    }
    in.skipField(tag);
  }

  private CodedInputStream open(Range range) {
    return CodedInputStream.newInstance(bytes, start + range.offset(), range.length());
  }

  private interface RangeConsumer {
    void accept(Range range) throws IOException;
  }
}
