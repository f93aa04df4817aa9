package io.dropblock.spark.data.image;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * Cuts into JPEGs by their marker codes, without a parser: the files of these tests have no others.
 */
final class JpegSurgery {
  static final int QUANTISATION = 0xDB;
  static final int HUFFMAN = 0xC4;
  static final int SCAN = 0xDA;
  static final int END = 0xD9;

  private JpegSurgery() {}

  /** Where a marker is, counted from 0. */
  static int find(byte[] jpeg, int code, int number) {
    int left = number;
    for (int i = 0; i + 1 < jpeg.length; i++) {
      if ((jpeg[i] & 0xFF) == 0xFF && (jpeg[i + 1] & 0xFF) == code && left-- == 0) {
        return i;
      }
    }
    throw new AssertionError("no marker " + Integer.toHexString(code) + " number " + number);
  }

  static byte[] insert(byte[] jpeg, int at, int... bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(jpeg, 0, at);
    for (int value : bytes) {
      out.write(value);
    }
    out.write(jpeg, at, jpeg.length - at);
    return out.toByteArray();
  }

  /** In front of a marker. */
  static byte[] before(byte[] jpeg, int code, int number, int... bytes) {
    return insert(jpeg, find(jpeg, code, number), bytes);
  }

  static byte[] without(byte[] jpeg, int from, int to) {
    byte[] out = Arrays.copyOf(jpeg, jpeg.length - (to - from));
    System.arraycopy(jpeg, to, out, from, jpeg.length - to);
    return out;
  }

  /** Without a segment that has a length. */
  static byte[] withoutSegment(byte[] jpeg, int code) {
    int at = find(jpeg, code, 0);
    return without(jpeg, at, at + 2 + ((jpeg[at + 2] & 0xFF) << 8 | jpeg[at + 3] & 0xFF));
  }

  static byte[] set(byte[] jpeg, int at, int... bytes) {
    byte[] out = jpeg.clone();
    for (int i = 0; i < bytes.length; i++) {
      out[at + i] = (byte) bytes[i];
    }
    return out;
  }

  /** Where the data of a scan begin. */
  static int data(byte[] jpeg, int scan) {
    int at = find(jpeg, SCAN, scan);
    return at + 2 + jpeg[at + 3];
  }

  /** Without the scans from one on, with its tables, and with or without an end mark. */
  static byte[] until(byte[] jpeg, int scan, boolean end) {
    int tables = data(jpeg, scan - 1);
    while ((jpeg[tables] & 0xFF) != 0xFF || jpeg[tables + 1] == 0) {
      tables++;
    }
    byte[] out = Arrays.copyOf(jpeg, tables + (end ? 2 : 0));
    return end ? set(out, tables, 0xFF, END) : out;
  }

  /** Its quantisation tables with 16 bits a number. */
  static byte[] wideTables(byte[] jpeg) {
    ByteArrayOutputStream tables = new ByteArrayOutputStream();
    byte[] rest = jpeg;
    while (true) {
      int at;
      try {
        at = find(rest, QUANTISATION, 0);
      } catch (AssertionError none) {
        return insert(rest, 2, unsigned(tables.toByteArray()));
      }
      int length = (rest[at + 2] & 0xFF) << 8 | rest[at + 3] & 0xFF;
      for (int table = at + 4; table < at + 2 + length; table += 65) {
        tables.writeBytes(new byte[] {(byte) 0xFF, (byte) QUANTISATION, 0, (byte) (2 + 129)});
        tables.write(0x10 | rest[table]);
        for (int i = 1; i <= 64; i++) {
          tables.write(0);
          tables.write(rest[table + i]);
        }
      }
      rest = without(rest, at, at + 2 + length);
    }
  }

  private static int[] unsigned(byte[] bytes) {
    int[] values = new int[bytes.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = bytes[i] & 0xFF;
    }
    return values;
  }
}
