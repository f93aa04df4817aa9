package io.dropblock.spark.data.source.voc;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.source.files.FileNames;
import io.dropblock.spark.data.source.files.SmallFile;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A list of images, the name of one a line, without a folder or an ending.
 *
 * @param title the file, for errors
 * @param names in the order of the lines, all different
 */
record VocList(String title, List<String> names) {
  // A name becomes a part of a path; a dot at the start would hide the file.
  private static final Pattern NAME =
      Pattern.compile("[\\p{L}\\p{N}_-][\\p{L}\\p{M}\\p{N}_.-]{0,199}");

  /**
   * Reads a list.
   *
   * @throws DataException where it is empty or not UTF-8, or a line is no name or there twice
   */
  static VocList of(String title, byte[] text) {
    // In one Unicode form, so that the same name is the same in all lists.
    List<String> names =
        SmallFile.lines(requireUtf8(title, text)).stream().map(FileNames::composed).toList();
    if (names.isEmpty()) {
      throw new DataException("Cannot read " + title + ": it is empty");
    }
    Map<String, Integer> lines = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      if (!NAME.matcher(name).matches()) {
        throw new DataException(
            String.format(
                Locale.ROOT,
                "Cannot read %s: line %d is '%s', not the name of an image such as 2007_000032",
                title,
                i + 1,
                printable(name)));
      }
      Integer before = lines.putIfAbsent(name, i + 1);
      if (before != null) {
        throw new DataException(
            String.format(
                Locale.ROOT,
                "Cannot read %s: line %d is %s, as line %d is already",
                title,
                i + 1,
                name,
                before));
      }
    }
    return new VocList(title, names);
  }

  private static byte[] requireUtf8(String title, byte[] text) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text));
      return text;
    } catch (CharacterCodingException e) {
      throw new DataException("Cannot read " + title + ": it is no UTF-8 text", e);
    }
  }

  private static String printable(String line) {
    String text =
        line.codePoints().limit(80).mapToObj(VocList::printable).reduce("", String::concat);
    return line.codePointCount(0, line.length()) > 80 ? text + "..." : text;
  }

  private static String printable(int character) {
    return Character.isISOControl(character) || character == 0xFEFF
        ? String.format(Locale.ROOT, "\\u%04X", character)
        : Character.toString(character);
  }
}
