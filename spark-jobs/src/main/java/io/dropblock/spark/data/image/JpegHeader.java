package io.dropblock.spark.data.image;

/**
 * The size of a JPEG as its frame header has it, read without decoding anything (ITU-T T.81, B.1
 * and B.2.2).
 *
 * @param width pixels, 1 or more
 * @param height pixels, 1 or more
 */
record JpegHeader(int width, int height) {
  private static final int TABLES = 0xC4;
  private static final int EXTENSION = 0xC8;
  private static final int ARITHMETIC = 0xCC;
  private static final int START_OF_SCAN = 0xDA;
  private static final int END = 0xD9;

  static boolean isAtStartOf(byte[] bytes) {
    return bytes.length >= 3
        && at(bytes, 0) == 0xFF
        && at(bytes, 1) == 0xD8
        && at(bytes, 2) == 0xFF;
  }

  /** Refuses what is larger than {@link ImageDecoder#MAX_PIXELS}. */
  static JpegHeader of(byte[] bytes) throws BrokenImageException {
    int next = 2;
    while (true) {
      int marker = next + 1;
      if (marker < bytes.length && at(bytes, next) != 0xFF) {
        throw new BrokenImageException("JPEG has no marker at byte " + next);
      }
      while (marker < bytes.length && at(bytes, marker) == 0xFF) {
        marker++;
      }
      if (marker + 2 >= bytes.length) {
        throw new BrokenImageException("JPEG is truncated at byte " + bytes.length);
      }
      int code = at(bytes, marker);
      int length = at(bytes, marker + 1) << 8 | at(bytes, marker + 2);
      if (isFrame(code)) {
        return frame(bytes, marker + 3);
      }
      if (code == START_OF_SCAN || code == END) {
        throw new BrokenImageException("JPEG has no frame header before its first scan");
      }
      next = marker + 1 + length;
    }
  }

  private static boolean isFrame(int code) {
    return code >= 0xC0
        && code <= 0xCF
        && code != TABLES
        && code != EXTENSION
        && code != ARITHMETIC;
  }

  private static JpegHeader frame(byte[] bytes, int start) throws BrokenImageException {
    if (start + 5 > bytes.length) {
      throw new BrokenImageException("JPEG is truncated at byte " + bytes.length);
    }
    int height = at(bytes, start + 1) << 8 | at(bytes, start + 2);
    int width = at(bytes, start + 3) << 8 | at(bytes, start + 4);
    ImageDecoder.requireSize(width, height);
    return new JpegHeader(width, height);
  }

  private static int at(byte[] bytes, int index) {
    return bytes[index] & 0xFF;
  }
}
