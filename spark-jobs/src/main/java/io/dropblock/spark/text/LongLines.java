package io.dropblock.spark.text;

import java.util.Locale;
import java.util.stream.Collectors;

/** Texts whose longest lines are for programs and not for people, as a network in a recipe is. */
public final class LongLines {
  private static final int LONGEST = 500;

  private LongLines() {}

  /** The same text, each line of more than 500 characters cut to its beginning and its length. */
  public static String cut(String text) {
    if (text.lines().allMatch(line -> line.length() <= LONGEST)) {
      return text;
    }
    return text.lines()
        .map(
            line ->
                line.length() <= LONGEST
                    ? line
                    : String.format(
                        Locale.ROOT,
                        "%s... (%,d characters)",
                        line.substring(0, LONGEST / 5),
                        line.length()))
        .collect(Collectors.joining("\n", "", "\n"));
  }
}
