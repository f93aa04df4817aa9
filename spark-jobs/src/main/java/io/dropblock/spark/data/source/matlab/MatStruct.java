package io.dropblock.spark.data.source.matlab;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;

/**
 * A struct array of a MATLAB 5 file: numbers, texts and matrices of bytes by field and index.
 * Values stay where they lie until they are asked for.
 */
public final class MatStruct {
  private static final int MAX_FIELDS = 1000;

  private final List<String> fields;
  private final List<MatElement> values;

  private MatStruct(List<String> fields, List<MatElement> values) {
    this.fields = fields;
    this.values = values;
  }

  /** Reads what stands behind a struct's name: its fields' names, then element after element. */
  static MatStruct read(ByteBuffer in, long elements) throws IOException {
    ByteBuffer width = MatElement.next(in, MatElement.INT32).data();
    ByteBuffer names = MatElement.next(in, MatElement.INT8).data();
    int bytes = width.remaining() == Integer.BYTES ? width.getInt() : 0;
    if (bytes < 1 || names.remaining() % bytes != 0 || names.remaining() / bytes > MAX_FIELDS) {
      throw new IOException("the names of a struct's fields are malformed");
    }
    List<String> fields = new ArrayList<>();
    while (names.hasRemaining()) {
      byte[] name = new byte[bytes];
      names.get(name);
      fields.add(fieldName(name));
    }
    List<MatElement> values = new ArrayList<>();
    // Ends with the bytes, however many elements there should be.
    for (long i = 0; i < elements * fields.size(); i++) {
      values.add(MatElement.next(in, MatElement.MATRIX));
    }
    return new MatStruct(fields, values);
  }

  /** The characters before the zero bytes that fill it up. */
  private static String fieldName(byte[] padded) {
    int end = 0;
    while (end < padded.length && padded[end] != 0) {
      end++;
    }
    return new String(padded, 0, end, StandardCharsets.UTF_8);
  }

  /** Number of elements. */
  public int size() {
    return fields.isEmpty() ? 0 : values.size() / fields.size();
  }

  /** The one number in a field of an element. */
  public double number(String field, int index) throws IOException {
    MatElement value = value(field, index, kind -> kind != MatVariable.CHARACTERS).data();
    ByteBuffer data = value.data();
    int bytes =
        switch (value.type()) {
          case MatElement.INT8, MatElement.UINT8 -> 1;
          case MatElement.INT16, MatElement.UINT16 -> 2;
          case MatElement.INT32, MatElement.UINT32, MatElement.SINGLE -> 4;
          case MatElement.DOUBLE -> 8;
          default -> 0;
        };
    if (bytes == 0 || data.remaining() != bytes) {
      throw refused(field, index, "is not one number");
    }
    return switch (value.type()) {
      case MatElement.INT8 -> data.get();
      case MatElement.UINT8 -> data.get() & 0xFF;
      case MatElement.INT16 -> data.getShort();
      case MatElement.UINT16 -> data.getShort() & 0xFFFF;
      case MatElement.INT32 -> data.getInt();
      case MatElement.UINT32 -> data.getInt() & 0xFFFFFFFFL;
      case MatElement.SINGLE -> data.getFloat();
      default -> data.getDouble();
    };
  }

  /** The text in a field of an element, one line of it. */
  public String text(String field, int index) throws IOException {
    MatElement value = value(field, index, kind -> kind == MatVariable.CHARACTERS).data();
    boolean wide = value.type() == MatElement.UINT16 || value.type() == MatElement.UTF16;
    boolean narrow =
        value.type() == MatElement.INT8
            || value.type() == MatElement.UINT8
            || value.type() == MatElement.UTF8;
    if (!wide && !narrow) {
      throw refused(field, index, "is no text");
    }
    boolean big = value.data().order() == ByteOrder.BIG_ENDIAN;
    Charset charset =
        narrow
            ? StandardCharsets.UTF_8
            : big ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_16LE;
    return charset.decode(value.data()).toString();
  }

  /** The matrix of unsigned bytes in a field of an element. */
  public MatBytes bytes(String field, int index) throws IOException {
    Value value = value(field, index, kind -> kind == MatVariable.BYTES);
    List<Integer> dimensions = value.header().dimensions();
    ByteBuffer columns = value.data().data();
    if (dimensions.size() != 2 || value.header().elements() < 1) {
      throw refused(field, index, "is no matrix, its dimensions are " + dimensions);
    }
    if (value.data().type() != MatElement.UINT8
        || columns.remaining() != value.header().elements()) {
      throw refused(
          field,
          index,
          String.format(
              Locale.ROOT,
              "has %d bytes for %d x %d elements",
              columns.remaining(),
              dimensions.get(0),
              dimensions.get(1)));
    }
    return new MatBytes(dimensions.get(0), dimensions.get(1), columns);
  }

  /** A value's header, and its data behind that. */
  private record Value(MatVariable header, MatElement data) {}

  private Value value(String field, int index, IntPredicate kind) throws IOException {
    int column = fields.indexOf(field);
    if (column < 0) {
      throw new IOException("there is no field " + field);
    }
    ByteBuffer in = values.get(index * fields.size() + column).data();
    in.rewind();
    MatVariable header = MatVariable.readHeader(in);
    if (!kind.test(header.kind())) {
      throw refused(field, index, "is of class " + header.kind());
    }
    return new Value(header, MatElement.next(in));
  }

  private static IOException refused(String field, int index, String reason) {
    return new IOException(
        String.format(Locale.ROOT, "%s of element %d %s", field, index + 1, reason));
  }
}
