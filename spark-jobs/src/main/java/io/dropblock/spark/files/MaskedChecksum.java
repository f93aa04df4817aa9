package io.dropblock.spark.files;

import java.util.zip.CRC32C;

/** The checksum of TFRecord files ({@code tensorflow/core/lib/hash/crc32c.h}). */
public final class MaskedChecksum {
  private static final int MASK = 0xA282EAD8;

  private MaskedChecksum() {}

  /** TensorFlow's masked CRC-32C of the first bytes. */
  public static int of(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return Integer.rotateRight((int) crc.getValue(), 15) + MASK;
  }
}
