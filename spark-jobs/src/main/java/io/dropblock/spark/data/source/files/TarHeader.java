package io.dropblock.spark.data.source.files;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * One 512-byte header of a tar (POSIX.1-1988 ustar, and GNU's base-256 sizes).
 *
 * @param name the entry's path, prefix included
 * @param link what a link leads to, or empty
 * @param size bytes of data after the header, 0 or more
 * @param type the type flag, {@code '0'} for a plain file
 */
record TarHeader(RawName name, RawName link, long size, char type) {
  static final int BYTES = 512;

  private static final int NAME = 0;
  private static final int NAME_BYTES = 100;
  private static final int SIZE = 124;
  private static final int SIZE_BYTES = 12;
  private static final int CHECKSUM = 148;
  private static final int CHECKSUM_BYTES = 8;
  private static final int TYPE = 156;
  private static final int LINK = 157;
  private static final int MAGIC = 257;
  private static final int PREFIX = 345;
  private static final int PREFIX_BYTES = 155;
  // Where GNU's sparse header, and each block that continues it, says whether another one follows.
  private static final int SPARSE_FOLLOWS = 482;
  private static final int SPARSE_FOLLOWS_MORE = 504;

  /** Whether a header block is the zero block that ends a tar. */
  static boolean isEnd(byte[] block) {
    for (byte b : block) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * Parses a header.
   *
   * @throws IOException where the checksum or a number in it is wrong
   */
  static TarHeader parse(byte[] block) throws IOException {
    long expected = number(block, CHECKSUM, CHECKSUM_BYTES);
    long actual = sum(block);
    if (actual != expected) {
      throw new IOException(
          "the header's checksum is " + expected + ", but its bytes add up to " + actual);
    }
    RawName name = name(block, NAME, NAME_BYTES);
    // GNU headers ("ustar  ") keep other things where POSIX ones keep the prefix.
    boolean posix = text(block, MAGIC, 6).equals("ustar") && block[MAGIC + 5] == 0;
    RawName prefix = posix ? name(block, PREFIX, PREFIX_BYTES) : RawName.EMPTY;
    char type = block[TYPE] == 0 ? '0' : (char) (block[TYPE] & 0xFF);
    return new TarHeader(
        name.in(prefix), name(block, LINK, NAME_BYTES), number(block, SIZE, SIZE_BYTES), type);
  }

  private static long sum(byte[] block) {
    long sum = 0;
    for (int i = 0; i < BYTES; i++) {
      boolean inChecksum = i >= CHECKSUM && i < CHECKSUM + CHECKSUM_BYTES;
      sum += inChecksum ? ' ' : block[i] & 0xFF;
    }
    return sum;
  }

  /** Whether a block has the mark or the checksum of a header, be it damaged elsewhere or not. */
  static boolean isMeant(byte[] block) {
    if (text(block, MAGIC, 5).equals("ustar")) {
      return true;
    }
    try {
      return sum(block) == number(block, CHECKSUM, CHECKSUM_BYTES);
    } catch (IOException e) {
      return false;
    }
  }

  /** Whether a block is a header. */
  static boolean isHeader(byte[] block) {
    try {
      parse(block);
      return !isEnd(block);
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Whether a block with a part of the map of a sparse file follows one.
   *
   * @param first whether this is the header itself
   */
  static boolean sparseMapFollows(byte[] block, boolean first) {
    return block[first ? SPARSE_FOLLOWS : SPARSE_FOLLOWS_MORE] != 0;
  }

  /** Bytes of the data with the padding to a whole block. */
  static long padded(long size) {
    return Math.addExact(size, BYTES - 1) / BYTES * BYTES;
  }

  /** The name up to the first zero byte or the end of the field. */
  static RawName name(byte[] block, int offset, int length) {
    return RawName.of(block, offset, end(block, offset, length) - offset);
  }

  /** Characters up to the first zero byte or the end of the field. */
  static String text(byte[] block, int offset, int length) {
    return new String(block, offset, end(block, offset, length) - offset, StandardCharsets.UTF_8);
  }

  private static int end(byte[] block, int offset, int length) {
    int end = offset;
    while (end < offset + length && block[end] != 0) {
      end++;
    }
    return end;
  }

  private static long number(byte[] block, int offset, int length) throws IOException {
    if ((block[offset] & 0x80) != 0) {
      return base256(block, offset, length);
    }
    String digits = text(block, offset, length).strip();
    if (digits.isEmpty()) {
      return 0;
    }
    // Signs would parse, too, but belong in no header.
    if (!digits.chars().allMatch(c -> c >= '0' && c <= '7')) {
      throw new IOException("'" + digits + "' is no octal number");
    }
    return Long.parseLong(digits, 8);
  }

  private static long base256(byte[] block, int offset, int length) throws IOException {
    long value = block[offset] & 0x7F;
    for (int i = offset + 1; i < offset + length; i++) {
      if (value > Long.MAX_VALUE >> 8) {
        throw new IOException("a number is too large or negative");
      }
      value = value << 8 | block[i] & 0xFF;
    }
    return value;
  }
}
