package io.dropblock.spark.ml;

import java.util.Arrays;
import java.util.Locale;

/** What becomes of a row whose image is broken, in Spark ML's words. */
enum InvalidImages {
  /** The job ends. */
  ERROR,
  /** It is left out. */
  SKIP,
  /** It has no prediction, and says why. */
  KEEP;

  /** As the parameter has it. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static InvalidImages of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }

  static String[] words() {
    return Arrays.stream(values()).map(InvalidImages::word).toArray(String[]::new);
  }
}
