package io.dropblock.spark.data.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * Checks what the JDK's PNG reader does not, that every critical chunk has its checksum, and that
 * the end mark is there (PNG specification, 5.3 and 5.4), and keeps odd chunks from it.
 */
final class PngChunks {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  private static final int AROUND_BYTES = 12;
  private static final int HEADER = 0x49484452;
  private static final int SIZE_AT = 16;
  private static final int END = 0x49454E44;
  private static final int TRANSPARENCY = 0x74524E53;
  private static final int ANCILLARY_BIT = 0x20000000;
  private static final int PALETTE = 3;

  private PngChunks() {}

  /** Whether the bytes start as those of a PNG do. */
  static boolean areIn(byte[] bytes) {
    int length = SIGNATURE.length;
    return bytes.length >= length && Arrays.equals(bytes, 0, length, SIGNATURE, 0, length);
  }

  /** The first chunk is the header (11.2.2). */
  static ImageSize size(ByteBuffer png) throws BrokenImageException {
    if (png.limit() < SIZE_AT + 10 || png.getInt(SIZE_AT - 4) != HEADER) {
      throw new BrokenImageException("PNG does not begin with its header");
    }
    ImageSize size = new ImageSize(png.getInt(SIZE_AT), png.getInt(SIZE_AT + 4));
    ImageDecoder.requireSize(size.width(), size.height());
    return size;
  }

  /** Bits a sample (11.2.2); the header must be there. */
  static int depth(byte[] png) {
    return png[SIZE_AT + 8];
  }

  /**
   * Grey, colours, palette, grey or colours with alpha: 0, 2, 3, 4, 6; the header must be there.
   */
  static int colourType(byte[] png) {
    return png[SIZE_AT + 9];
  }

  /** Samples of a pixel, 1 to 4; 0 where there is a palette. The header must be there. */
  static int bands(byte[] png) {
    return switch (colourType(png)) {
      case 0 -> 1;
      case 2 -> 3;
      case 4 -> 2;
      case 6 -> 4;
      default -> 0;
    };
  }

  /**
   * Checks the whole file.
   *
   * @return the same bytes; only the chunks that pixels need where the JDK's reader would look at
   *     others, too, and stop at odd ones
   */
  static byte[] read(byte[] bytes) throws BrokenImageException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    size(buffer);
    boolean looksAtOthers = colourType(bytes) == PALETTE;
    int at = SIGNATURE.length;
    int type = 0;
    while (type != END) {
      int left = bytes.length - at;
      int length = left < AROUND_BYTES ? 0 : buffer.getInt(at);
      if (left < AROUND_BYTES || length < 0 || length > left - AROUND_BYTES) {
        throw new BrokenImageException("PNG is cut short at byte " + at);
      }
      type = buffer.getInt(at + 4);
      CRC32 crc = new CRC32();
      crc.update(bytes, at + 4, length + 4);
      if (isCritical(type) && (int) crc.getValue() != buffer.getInt(at + 8 + length)) {
        throw new BrokenImageException("PNG has a wrong checksum in the chunk at byte " + at);
      }
      looksAtOthers |= type == TRANSPARENCY;
      at += AROUND_BYTES + length;
    }
    return looksAtOthers ? criticalOnly(buffer) : bytes;
  }

  private static byte[] criticalOnly(ByteBuffer png) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(png.limit());
    out.writeBytes(SIGNATURE);
    int at = SIGNATURE.length;
    int type = 0;
    while (type != END) {
      int length = AROUND_BYTES + png.getInt(at);
      type = png.getInt(at + 4);
      if (isCritical(type)) {
        out.write(png.array(), at, length);
      }
      at += length;
    }
    return out.toByteArray();
  }

  private static boolean isCritical(int type) {
    return (type & ANCILLARY_BIT) == 0;
  }
}
