package io.dropblock.spark.text;

import java.util.Locale;

/** Numbers of things in plain English: "1 image", "2 images", "1,000 classes". */
public final class Count {
  private Count() {}

  /**
   * So many of a thing.
   *
   * @param thing what one is called, such as "finished shard"; several have an s, or es behind an s
   */
  public static String of(long count, String thing) {
    return of(count, thing, thing.endsWith("s") ? thing + "es" : thing + "s");
  }

  /**
   * The same of a thing with a plural of its own.
   *
   * @param things what several are called
   */
  public static String of(long count, String thing, String things) {
    return String.format(Locale.ROOT, "%,d %s", count, count == 1 ? thing : things);
  }
}
