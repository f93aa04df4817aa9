package io.dropblock.spark.data.image;

/**
 * The marker segments of a JPEG, one after the other, found as libjpeg finds them (ITU-T T.81,
 * B.1): bytes that belong to none are passed over.
 */
final class JpegMarkers {
  static final int FRAME = 0xC0;
  static final int TABLES = 0xC4;
  static final int EXTENSION = 0xC8;
  static final int ARITHMETIC = 0xCC;
  static final int LAST_FRAME = 0xCF;
  static final int RESTART = 0xD0;
  static final int LAST_RESTART = 0xD7;
  static final int START = 0xD8;
  static final int END = 0xD9;
  static final int SCAN = 0xDA;
  static final int APP0 = 0xE0;
  static final int APP14 = 0xEE;
  static final int APP15 = 0xEF;
  static final int COMMENT = 0xFE;
  private static final int TEMPORARY = 0x01;
  private static final int PREFIX = 0xFF;

  private final byte[] bytes;
  private int code;
  private int start;
  private int content;
  private int end = 2;
  private int stray;

  /** Of a whole file, behind its start mark. */
  JpegMarkers(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Goes to the next marker.
   *
   * @return whether there is one
   * @throws BrokenImageException where its segment is cut short
   */
  boolean next() throws BrokenImageException {
    int at = end;
    do {
      while (at < bytes.length && byteAt(at) != PREFIX) {
        at++;
        stray++;
      }
      while (at < bytes.length && byteAt(at) == PREFIX) {
        at++;
      }
      if (at >= bytes.length) {
        return false;
      }
      stray += byteAt(at) == 0 ? 2 : 0;
    } while (byteAt(at++) == 0);
    start = at - 2;
    code = byteAt(at - 1);
    content = at;
    end = at;
    if (hasContent(code)) {
      int length = at + 2 > bytes.length ? 0 : byteAt(at) << 8 | byteAt(at + 1);
      content = at + 2;
      end = at + length;
      if (length < 2 || end > bytes.length) {
        throw new BrokenImageException("JPEG is truncated at byte " + bytes.length);
      }
    }
    return true;
  }

  /** Passes over the data of a scan, restarts among them, up to a marker or the end of the file. */
  void passData() {
    while (end < bytes.length && !endsData(end)) {
      end++;
    }
  }

  private boolean endsData(int at) {
    if (byteAt(at) != PREFIX || at + 1 == bytes.length) {
      return false;
    }
    int next = byteAt(at + 1);
    return next != 0 && next != PREFIX && !isRestart(next);
  }

  private static boolean hasContent(int code) {
    return code != TEMPORARY && code != START && code != END && !isRestart(code);
  }

  private static boolean isRestart(int code) {
    return code >= RESTART && code <= LAST_RESTART;
  }

  /** Whether the marker starts a frame of any kind. */
  boolean isFrame() {
    return code >= FRAME
        && code <= LAST_FRAME
        && code != TABLES
        && code != EXTENSION
        && code != ARITHMETIC;
  }

  /** Whether it only tells people or programs something. */
  boolean isRemark() {
    return code >= APP0 && code <= APP15 || code == COMMENT;
  }

  int code() {
    return code;
  }

  /** Index of its first byte. */
  int start() {
    return start;
  }

  /** Number of bytes of its content. */
  int length() {
    return end - content;
  }

  /** Index of the first byte behind it. */
  int end() {
    return end;
  }

  /** Bytes so far that belong neither to a segment nor to a scan's data. */
  int stray() {
    return stray;
  }

  /** A byte of its content; 0 behind its end. */
  int value(int index) {
    return index < length() ? byteAt(content + index) : 0;
  }

  /** Whether the content begins with that text. */
  boolean startsWith(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (value(i) != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private int byteAt(int index) {
    return bytes[index] & 0xFF;
  }
}
