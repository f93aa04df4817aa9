package io.dropblock.spark.preflight.finding;

import java.util.List;
import java.util.Locale;

/** Many of a kind in one line: the first, and how many more. */
public final class Several {
  private Several() {}

  /**
   * @param all one or more
   * @param things what more of them are called: "executors"
   */
  public static String of(List<String> all, String things) {
    return all.size() == 1
        ? all.get(0)
        : String.format(Locale.ROOT, "%s; and %d more %s", all.get(0), all.size() - 1, things);
  }
}
