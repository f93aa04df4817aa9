package io.dropblock.spark.data.source.matlab;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Locale;

/**
 * One data element of a MATLAB 5 file ("MAT-File Format", MathWorks, chapter 1): a type, and data
 * that lie wholly within what holds them.
 *
 * @param type such as {@link #MATRIX}
 * @param data from position 0, in the file's byte order
 */
record MatElement(int type, ByteBuffer data) {
  static final int INT8 = 1;
  static final int UINT8 = 2;
  static final int INT16 = 3;
  static final int UINT16 = 4;
  static final int INT32 = 5;
  static final int UINT32 = 6;
  static final int SINGLE = 7;
  static final int DOUBLE = 9;
  static final int MATRIX = 14;
  static final int COMPRESSED = 15;
  static final int UTF8 = 16;
  static final int UTF16 = 17;

  private static final int SMALL_BYTES = 4;
  private static final int ALIGNMENT = 8;

  /** Reads the element at the buffer's position and moves behind it. */
  static MatElement next(ByteBuffer in) throws IOException {
    if (in.remaining() < 2 * Integer.BYTES) {
      throw new IOException("it ends within an element");
    }
    int tag = in.getInt();
    int small = tag >>> 16;
    if (small != 0) {
      // Up to 4 bytes stand in the tag itself, behind a type of 16 bits.
      if (small > SMALL_BYTES) {
        throw new IOException("a small element has " + small + " bytes");
      }
      MatElement element = new MatElement(tag & 0xFFFF, slice(in, small));
      in.position(in.position() + SMALL_BYTES);
      return element;
    }
    int length = in.getInt();
    if (length < 0 || length > in.remaining()) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "an element has %s bytes where %d are left",
              Integer.toUnsignedString(length),
              in.remaining()));
    }
    MatElement element = new MatElement(tag, slice(in, length));
    int padding = tag == COMPRESSED ? 0 : Math.floorMod(-length, ALIGNMENT);
    in.position(in.position() + Math.min(in.remaining(), length + padding));
    return element;
  }

  /** The same, where only one type will do. */
  static MatElement next(ByteBuffer in, int type) throws IOException {
    MatElement element = next(in);
    if (element.type() != type) {
      throw new IOException(
          String.format(
              Locale.ROOT, "an element is of type %d where %d is due", element.type(), type));
    }
    return element;
  }

  private static ByteBuffer slice(ByteBuffer in, int length) {
    return in.slice(in.position(), length).order(in.order());
  }
}
