package io.dropblock.spark.data.source;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What is found in a file of a data set that is not as it should be: entries that are left out, the
 * first ones by name and of the others the number, and entries that are read in another way than
 * they are written, for each kind how many and the first one.
 */
public final class Findings {
  /** Entries left out that are named. */
  private static final int MOST_NAMED = 1000;

  /** Entries of one sort with one oddity. */
  private record Kind(String entries, String oddity) {}

  /** So many of them, of which the first is named. */
  private record Count(int number, String first) {}

  private final String file;
  private final List<LeftOut> named = new ArrayList<>();
  private long unnamed;
  private final Map<Kind, Count> counts = new LinkedHashMap<>();

  /**
   * Nothing so far.
   *
   * @param file that is read, for people
   */
  public Findings(String file) {
    this.file = file;
  }

  /**
   * An entry is broken and not used.
   *
   * @param entry which one, such as {@code annotation 17 of image 4}
   * @param reason one line
   */
  public void leaveOut(String entry, String reason) {
    if (named.size() < MOST_NAMED) {
      named.add(new LeftOut(file + ", " + entry, reason));
    } else {
      unnamed++;
    }
  }

  /**
   * An entry is used, but read in another way than it is written.
   *
   * @param entries what such entries are called, such as {@code images}
   * @param oddity such as {@code without a name}
   * @param entry which one it is
   */
  public void note(String entries, String oddity, String entry) {
    counts.merge(
        new Kind(entries, oddity),
        new Count(1, entry),
        (old, added) -> new Count(old.number + 1, old.first));
  }

  /** What is left out, in the order of the file; the last one stands for those without a name. */
  public List<LeftOut> leftOut() {
    List<LeftOut> list = new ArrayList<>(named);
    if (unnamed > 0) {
      list.add(new LeftOut(file, unnamed + " more entries"));
    }
    return list;
  }

  /** One line a kind of what is read in another way, in the order of the first ones. */
  public List<String> notes() {
    List<String> lines = new ArrayList<>();
    counts.forEach(
        (kind, count) ->
            lines.add(
                String.format(
                    Locale.ROOT,
                    "%s: %s %s: %d, the first is %s",
                    file,
                    kind.entries,
                    kind.oddity,
                    count.number,
                    count.first)));
    return lines;
  }
}
