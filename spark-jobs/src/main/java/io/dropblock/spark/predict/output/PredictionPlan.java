package io.dropblock.spark.predict.output;

import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

/**
 * What decides which predictions there are: a command goes on with what an earlier one left only
 * where this is equal.
 *
 * @param version of the stored form, {@value #VERSION}
 * @param partImages images of a part, at most; an earlier command's is kept, as it changes nothing
 * @param settings network, images and options, by what people call them
 */
public record PredictionPlan(int version, int partImages, Map<String, String> settings) {
  static final int VERSION = 1;

  /** A plan of today. */
  public static PredictionPlan of(int partImages, Map<String, String> settings) {
    return new PredictionPlan(VERSION, partImages, settings);
  }

  /** The first thing in which an earlier one is another one, or null. */
  String difference(PredictionPlan earlier) {
    if (earlier.version != version || earlier.settings == null || earlier.partImages < 1) {
      return String.format(Locale.ROOT, "format version %d, now %d", earlier.version, version);
    }
    TreeSet<String> names = new TreeSet<>(settings.keySet());
    names.addAll(earlier.settings.keySet());
    for (String name : names) {
      String then = earlier.settings.get(name);
      String now = settings.get(name);
      if (!Objects.equals(then, now)) {
        return String.format(Locale.ROOT, "%s %s, now %s", name, words(then), words(now));
      }
    }
    return null;
  }

  private static String words(String value) {
    return value == null ? "not set" : value;
  }
}
