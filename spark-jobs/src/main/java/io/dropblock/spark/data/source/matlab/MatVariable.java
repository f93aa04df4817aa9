package io.dropblock.spark.data.source.matlab;

import io.dropblock.spark.data.source.files.SmallFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A variable in a MATLAB 5 file, by its header.
 *
 * @param name empty within a struct
 * @param kind MATLAB's array class, such as {@link #STRUCT}
 * @param dimensions rows, columns and so on, each 0 or more
 * @param elements their product, 0 or more
 */
public record MatVariable(String name, int kind, List<Integer> dimensions, long elements) {
  /** The class of struct arrays. */
  static final int STRUCT = 2;

  /** The class of texts. */
  static final int CHARACTERS = 4;

  /** The class of unsigned bytes. */
  static final int BYTES = 9;

  private static final int HEADER_BYTES = 128;
  private static final int ORDER_AT = 126;
  private static final int MAX_DIMENSIONS = 32;
  private static final long MAX_ELEMENTS = 1L << 31;

  /**
   * Finds a struct array in a file. Nothing is allocated by a number that the file gives: the
   * libraries for this format do, and fail with the heap where it is damaged.
   *
   * @throws IOException where there is none of that name, or the file is damaged or of another
   *     format
   */
  public static MatStruct struct(byte[] file, String name) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(file);
    String order =
        file.length < HEADER_BYTES ? "" : new String(file, ORDER_AT, 2, StandardCharsets.US_ASCII);
    switch (order) {
      case "IM" -> in.order(ByteOrder.LITTLE_ENDIAN);
      case "MI" -> in.order(ByteOrder.BIG_ENDIAN);
      default -> throw new IOException("it is no MATLAB 5 file");
    }
    in.position(HEADER_BYTES);
    while (in.hasRemaining()) {
      MatElement element = MatElement.next(in);
      if (element.type() == MatElement.COMPRESSED) {
        element = MatElement.next(inflate(element.data()));
      }
      if (element.type() != MatElement.MATRIX) {
        throw new IOException("a variable is of type " + element.type());
      }
      MatVariable header = readHeader(element.data());
      if (header.name().equals(name) && header.kind() == STRUCT) {
        return MatStruct.read(element.data(), header.elements());
      }
    }
    throw new IOException("there is no struct " + name);
  }

  /** Reads flags, dimensions and name; the buffer then stands at the content. */
  static MatVariable readHeader(ByteBuffer in) throws IOException {
    ByteBuffer flags = MatElement.next(in, MatElement.UINT32).data();
    ByteBuffer dimensions = MatElement.next(in, MatElement.INT32).data();
    ByteBuffer name = MatElement.next(in, MatElement.INT8).data();
    if (flags.remaining() != 2 * Integer.BYTES
        || dimensions.remaining() % Integer.BYTES != 0
        || dimensions.remaining() > MAX_DIMENSIONS * Integer.BYTES) {
      throw new IOException("the header of a variable is malformed");
    }
    long elements = 1;
    List<Integer> lengths = new ArrayList<>();
    while (dimensions.hasRemaining()) {
      int length = dimensions.getInt();
      if (length < 0 || elements > 0 && length > MAX_ELEMENTS / elements) {
        throw new IOException("a variable has a dimension of " + length);
      }
      elements *= length;
      lengths.add(length);
    }
    return new MatVariable(
        StandardCharsets.US_ASCII.decode(name).toString(),
        flags.getInt() & 0xFF,
        lengths,
        elements);
  }

  private static ByteBuffer inflate(ByteBuffer data) throws IOException {
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(data);
      byte[] bytes = new byte[1 << 16];
      int length = 0;
      while (!inflater.finished()) {
        int count = inflater.inflate(bytes, length, bytes.length - length);
        length += count;
        if (count == 0 && !inflater.finished() && length < bytes.length) {
          throw new IOException("a compressed variable is cut short");
        }
        if (length == bytes.length) {
          if (length >= SmallFile.MAX_BYTES) {
            throw new IOException("a variable has more than " + length + " bytes");
          }
          bytes = Arrays.copyOf(bytes, 2 * length);
        }
      }
      return ByteBuffer.wrap(bytes, 0, length).slice().order(data.order());
    } catch (DataFormatException e) {
      throw new IOException("a compressed variable is damaged: " + e.getMessage(), e);
    } finally {
      inflater.end();
    }
  }
}
