package io.dropblock.spark.data.source.files;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A name as a disk or a tar holds it, which is bytes.
 *
 * @param text for people where it is not UTF-8: bytes that are not ASCII are {@code \xE9}
 * @param isUtf8 whether the text is the name
 */
record RawName(String text, boolean isUtf8) {
  static final RawName EMPTY = new RawName("", true);

  /** The name in a range of bytes. */
  static RawName of(byte[] bytes, int offset, int length) {
    try {
      ByteBuffer name = ByteBuffer.wrap(bytes, offset, length);
      return new RawName(StandardCharsets.UTF_8.newDecoder().decode(name).toString(), true);
    } catch (CharacterCodingException e) {
      StringBuilder text = new StringBuilder();
      for (int i = offset; i < offset + length; i++) {
        if (bytes[i] >= 0) {
          text.append((char) bytes[i]);
        } else {
          text.append("\\x").append(Integer.toHexString(bytes[i] & 0xFF).toUpperCase(Locale.ROOT));
        }
      }
      return new RawName(text.toString(), false);
    }
  }

  /** A name in the folder of this name; this one where the folder has none. */
  RawName in(RawName folder) {
    return folder.text.isEmpty()
        ? this
        : new RawName(folder.text + "/" + text, isUtf8 && folder.isUtf8);
  }
}
