package io.dropblock.spark.data.source;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What is read in another way than it is written: for each kind how often, and the first one. */
final class Notes {
  /** So many of them, of which the first is named. */
  private record Count(int number, String first) {}

  private final String entries;
  private final Map<String, Count> counts = new LinkedHashMap<>();

  /**
   * Nothing so far.
   *
   * @param entries what is counted, such as {@code train.json: images}
   */
  Notes(String entries) {
    this.entries = entries;
  }

  /**
   * Counts one.
   *
   * @param kind what is odd, such as {@code without a name}
   * @param entry which one it is
   */
  void add(String kind, String entry) {
    counts.merge(kind, new Count(1, entry), (old, added) -> new Count(old.number + 1, old.first));
  }

  /** One line a kind, in the order of the first ones. */
  List<String> list() {
    return counts.entrySet().stream()
        .map(
            kind ->
                String.format(
                    Locale.ROOT,
                    "%s %s: %d, the first is %s",
                    entries,
                    kind.getKey(),
                    kind.getValue().number,
                    kind.getValue().first))
        .toList();
  }
}
