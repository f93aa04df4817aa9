package io.dropblock.spark.data.source.voc;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.annotation.LabelColours;
import io.dropblock.spark.data.annotation.LabelMap;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The classes of a data set in VOC's layout that has others than VOC, as CVAT and Datumaro write
 * them: {@code labelmap.txt} with a line {@code name:red,green,blue:parts:actions} for each label
 * from 0 on, of which only the name must be there. Lines that start with {@code #} do not count. A
 * last line of the colour of void is no class.
 */
final class VocClasses {
  /** The file's name, beside {@code JPEGImages}. */
  public static final String FILE = "labelmap.txt";

  /** Files in which others list the names of classes, each in its own form. */
  public static final List<String> OTHER_FILES =
      List.of("class_names.txt", "classes.txt", "labels.txt", "_classes.csv");

  private static final Pattern COLOUR = Pattern.compile("\\d{1,3} *, *\\d{1,3} *, *\\d{1,3}");
  private static final String BLACK = "0,0,0";

  private VocClasses() {}

  /**
   * Reads the names.
   *
   * @param title what the file is called in errors
   * @param text the whole file
   * @return names by label, all different
   * @throws DataException where it is not UTF-8, a line is malformed, a name is there twice, there
   *     are not 2 to 255 classes, or the first is not the background, with which images are padded
   */
  public static List<String> read(String title, byte[] text) {
    List<String> names = new ArrayList<>();
    String last = "";
    int number = 0;
    for (String line : utf8(title, text).lines().map(String::strip).toList()) {
      number++;
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      String[] parts = line.split(":", -1);
      String name = parts[0].strip();
      String colour = parts.length > 1 ? parts[1].strip() : "";
      if (name.isEmpty()
          || parts.length > 4
          || !colour.isEmpty() && !COLOUR.matcher(colour).matches()) {
        throw refused(
            title, "line %d is '%s', not one such as cat:64,0,0::", number, printable(line));
      }
      if (names.contains(name)) {
        throw refused(title, "line %d names %s, as a line before does", number, name);
      }
      if (names.isEmpty() && !isBackground(name, colour)) {
        throw refused(
            title, "label 0 is %s, but must be the background, with which images are padded", name);
      }
      names.add(name);
      last = colour.replace(" ", "");
    }
    if (last.equals(voidColour())) {
      names.remove(names.size() - 1);
    }
    if (names.size() < 2 || names.size() > LabelMap.VOID) {
      throw refused(title, "it names %d classes, not 2 to %d", names.size(), LabelMap.VOID);
    }
    return List.copyOf(names);
  }

  private static boolean isBackground(String name, String colour) {
    return name.toLowerCase(Locale.ROOT).contains("background")
        || colour.replace(" ", "").equals(BLACK);
  }

  private static String voidColour() {
    int colour = LabelColours.of(LabelMap.VOID);
    return String.format(Locale.ROOT, "%d,%d,%d", colour >> 16, colour >> 8 & 0xFF, colour & 0xFF);
  }

  private static String utf8(String title, byte[] text) {
    try {
      String read = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text)).toString();
      // As some editors start a file.
      return read.startsWith("\uFEFF") ? read.substring(1) : read;
    } catch (CharacterCodingException e) {
      throw new DataException("Cannot read " + title + ": it is no UTF-8 text", e);
    }
  }

  private static String printable(String line) {
    String text = line.replaceAll("\\p{Cntrl}", "?");
    return text.length() > 80 ? text.substring(0, 80) + "..." : text;
  }

  private static DataException refused(String title, String reason, Object... values) {
    return new DataException(
        "Cannot read " + title + ": " + String.format(Locale.ROOT, reason, values));
  }
}
