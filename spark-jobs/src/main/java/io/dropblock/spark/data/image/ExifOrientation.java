package io.dropblock.spark.data.image;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * How an image is to be turned when it is shown, as a camera or a phone has noted in its EXIF data
 * (CIPA DC-008, tag {@code Orientation}). No decoder here follows it; some tools that make
 * annotations do.
 */
public final class ExifOrientation {
  private static final byte[] EXIF = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);
  private static final int APP1 = 0xE1;
  private static final int START_OF_SCAN = 0xDA;
  private static final int TIFF = 42;
  private static final int ORIENTATION = 0x0112;
  private static final int SHORT = 3;
  private static final int FIRST_TURNED = 5;
  private static final int LAST = 8;

  private ExifOrientation() {}

  /**
   * Whether its rows are to be shown as columns, so that width and height are swapped.
   *
   * @param bytes of an image; false where it is no JPEG, or has no or malformed EXIF data
   */
  public static boolean swapsSides(byte[] bytes) {
    try {
      int orientation = JpegHeader.isAtStartOf(bytes) ? of(bytes) : 1;
      return orientation >= FIRST_TURNED && orientation <= LAST;
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      return false;
    }
  }

  private static int of(byte[] jpeg) {
    ByteBuffer in = ByteBuffer.wrap(jpeg).position(2);
    while (true) {
      int code = in.getShort() & 0xFFFF;
      int length = in.getShort() & 0xFFFF;
      if (code >>> 8 != 0xFF || (code & 0xFF) == START_OF_SCAN || length < 2) {
        return 1;
      }
      int start = in.position();
      int end = Math.min(start + length - 2, jpeg.length);
      if ((code & 0xFF) == APP1
          && end - start >= EXIF.length
          && Arrays.equals(jpeg, start, start + EXIF.length, EXIF, 0, EXIF.length)) {
        return ofTiff(ByteBuffer.wrap(jpeg, 0, end).position(start + EXIF.length).slice());
      }
      in.position(end);
    }
  }

  private static int ofTiff(ByteBuffer tiff) {
    tiff.order(tiff.getShort() == 0x4949 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    if (tiff.getShort() != TIFF) {
      return 1;
    }
    tiff.position(tiff.getInt());
    int entries = tiff.getShort() & 0xFFFF;
    for (int i = 0; i < entries; i++) {
      int tag = tiff.getShort() & 0xFFFF;
      int type = tiff.getShort();
      int count = tiff.getInt();
      int value = tiff.getShort() & 0xFFFF;
      tiff.getShort();
      if (tag == ORIENTATION && type == SHORT && count == 1) {
        return value;
      }
    }
    return 1;
  }
}
