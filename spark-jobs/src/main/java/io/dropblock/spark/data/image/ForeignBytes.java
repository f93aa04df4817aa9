package io.dropblock.spark.data.image;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** What lies in a file that should hold a JPEG or a PNG and does not. */
final class ForeignBytes {
  private static final int LOOKED_AT = 512;

  private ForeignBytes() {}

  /** In one line, with what to do where that is known. */
  static String reason(byte[] bytes) {
    String format = ImageFormat.of(bytes).map(ImageFormat::title).orElse(null);
    if (format != null) {
      return "its format is "
          + format
          + ", whatever its name says, which this program does not read: convert it to JPEG or PNG";
    }
    String text =
        new String(bytes, 0, Math.min(bytes.length, LOOKED_AT), StandardCharsets.ISO_8859_1)
            .strip()
            .toLowerCase(Locale.ROOT);
    if (text.startsWith("version https://git-lfs")) {
      return "it is a pointer of Git LFS, not the image: fetch the images with git lfs pull";
    }
    if (text.startsWith("<!doctype html") || text.startsWith("<html")) {
      return "it is a web page, not an image: its download failed";
    }
    // NUL is no blank, so strip leaves it.
    return text.length() == LOOKED_AT && text.chars().allMatch(character -> character == 0)
        ? "it begins with " + LOOKED_AT + " zero bytes"
        : "it is neither JPEG nor PNG";
  }
}
