package io.dropblock.spark.data.source;

import java.util.regex.Pattern;

/** The identifiers of ImageNet's classes: {@code n} and the 8 digits of a WordNet offset. */
public final class Synsets {
  private static final Pattern ID = Pattern.compile("n[0-9]{8}");

  private Synsets() {}

  /** Whether a text is such an identifier. */
  public static boolean isId(String text) {
    return ID.matcher(text).matches();
  }
}
