package io.dropblock.spark.data.image;

/**
 * What a JPEG says before its first scan, read without decoding anything (ITU-T T.81, B.1 and
 * B.2.2).
 *
 * @param width pixels, 1 or more
 * @param height pixels, 1 or more
 * @param components colours, or inks
 * @param adobeTransform colour transform in Adobe's APP14 marker, or {@link #NO_ADOBE}
 */
record JpegHeader(int width, int height, int components, int adobeTransform) {
  /** No such marker. */
  static final int NO_ADOBE = -1;

  /** Y, Cb, Cr of the inverted inks, and K. */
  static final int YCCK = 2;

  private static final int TABLES = 0xC4;
  private static final int EXTENSION = 0xC8;
  private static final int ARITHMETIC = 0xCC;
  private static final int START_OF_SCAN = 0xDA;
  private static final int END = 0xD9;
  private static final int APP14 = 0xEE;
  private static final int TRANSFORM_BYTES = 12;

  static boolean isAtStartOf(byte[] bytes) {
    return bytes.length >= 3
        && at(bytes, 0) == 0xFF
        && at(bytes, 1) == 0xD8
        && at(bytes, 2) == 0xFF;
  }

  /** Refuses what is larger than {@link ImageDecoder#MAX_PIXELS}. */
  static JpegHeader of(byte[] bytes) throws BrokenImageException {
    JpegHeader frame = null;
    int adobe = NO_ADOBE;
    int next = 2;
    while (true) {
      int marker = marker(bytes, next);
      int code = at(bytes, marker);
      int content = marker + 3;
      if (code == START_OF_SCAN || code == END) {
        if (frame == null) {
          throw new BrokenImageException("JPEG has no frame header before its first scan");
        }
        return new JpegHeader(frame.width, frame.height, frame.components, adobe);
      }
      if (isFrame(code)) {
        frame = frame(bytes, content);
      } else if (code == APP14 && isAdobe(bytes, content)) {
        adobe = at(bytes, content + TRANSFORM_BYTES - 1);
      }
      next = marker + 1 + (at(bytes, marker + 1) << 8 | at(bytes, marker + 2));
    }
  }

  /** Where the code of a marker is, behind any number of fill bytes. */
  private static int marker(byte[] bytes, int start) throws BrokenImageException {
    int marker = start + 1;
    if (marker < bytes.length && at(bytes, start) != 0xFF) {
      throw new BrokenImageException("JPEG has no marker at byte " + start);
    }
    while (marker < bytes.length && at(bytes, marker) == 0xFF) {
      marker++;
    }
    if (marker + 2 >= bytes.length) {
      throw truncated(bytes);
    }
    return marker;
  }

  private static boolean isFrame(int code) {
    return code >= 0xC0
        && code <= 0xCF
        && code != TABLES
        && code != EXTENSION
        && code != ARITHMETIC;
  }

  private static JpegHeader frame(byte[] bytes, int start) throws BrokenImageException {
    if (start + 6 > bytes.length) {
      throw truncated(bytes);
    }
    int height = at(bytes, start + 1) << 8 | at(bytes, start + 2);
    int width = at(bytes, start + 3) << 8 | at(bytes, start + 4);
    ImageDecoder.requireSize(width, height);
    return new JpegHeader(width, height, at(bytes, start + 5), NO_ADOBE);
  }

  private static boolean isAdobe(byte[] bytes, int start) {
    String name = "Adobe";
    if (start + TRANSFORM_BYTES > bytes.length) {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      if (at(bytes, start + i) != name.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static BrokenImageException truncated(byte[] bytes) {
    return new BrokenImageException("JPEG is truncated at byte " + bytes.length);
  }

  private static int at(byte[] bytes, int index) {
    return bytes[index] & 0xFF;
  }
}
