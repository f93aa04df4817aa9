package io.dropblock.spark.data.source.files;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Files of a raw data set that are not images of it, by kind. */
public final class PassedOver implements Serializable {
  private static final long serialVersionUID = 1L;

  /** What systems leave behind, files and whole folders. */
  static final Noun CLUTTER = new Noun("hidden or system file", "", false);

  /** Of several files of one name the last one counts, as it does when a tar is unpacked. */
  static final Noun REPLACED =
      new Noun("file", " of a name that is there again, of which the last one counts", false);

  private static final int MOST_KINDS = 8;

  /**
   * What one kind is called.
   *
   * @param one of them; an s makes several
   * @param rest what follows that
   * @param unread whether it is an image in a format that this program does not read
   */
  record Noun(String one, String rest, boolean unread) implements Serializable {}

  private record Kind(int count, String example) implements Serializable {
    Kind plus(Kind other) {
      return new Kind(
          count + other.count, example.compareTo(other.example) <= 0 ? example : other.example);
    }

    Kind within(String folder) {
      return example.startsWith(folder)
          ? new Kind(count, example.substring(folder.length()))
          : this;
    }

    String words(Noun noun) {
      String several = count == 1 ? "" : "s";
      String named = count == 1 ? example : "for example " + example;
      return String.format(
          Locale.ROOT, "%d %s%s%s (%s)", count, noun.one, several, noun.rest, named);
    }
  }

  private final Map<Noun, Kind> kinds = new LinkedHashMap<>();

  /** Counts a file; the first name of a kind is its example. */
  public void add(Noun noun, String name) {
    kinds.merge(noun, new Kind(1, name), Kind::plus);
  }

  /** Counts what others have counted, their examples in a folder; empty for none. */
  public void add(PassedOver others, String folder) {
    String before = folder.isEmpty() ? "" : folder + "/";
    others.kinds.forEach(
        (noun, kind) -> kinds.merge(noun, new Kind(kind.count, before + kind.example), Kind::plus));
  }

  /** The same, with the examples' names as they are in a folder of the tree. */
  public PassedOver within(String folder) {
    PassedOver inside = new PassedOver();
    kinds.forEach((noun, kind) -> inside.kinds.put(noun, kind.within(folder)));
    return inside;
  }

  /** Number of files. */
  public int count() {
    return kinds.values().stream().mapToInt(Kind::count).sum();
  }

  /** One line for people, with counts and an example each; none where there is nothing. */
  public List<String> notes() {
    return count() == 0 ? List.of() : List.of("Passed over " + this);
  }

  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    List<Noun> unread = sorted(true);
    if (!unread.isEmpty()) {
      parts.add(
          unread.stream().map(this::words).collect(Collectors.joining(", "))
              + ", which this program does not read: convert to JPEG or PNG");
    }
    List<Noun> others = sorted(false);
    others.stream().limit(MOST_KINDS).map(this::words).forEach(parts::add);
    if (others.size() > MOST_KINDS) {
      int count = others.stream().skip(MOST_KINDS).mapToInt(noun -> kinds.get(noun).count()).sum();
      parts.add(
          String.format(Locale.ROOT, "%d of %d more kinds", count, others.size() - MOST_KINDS));
    }
    return String.format(
        Locale.ROOT, "%d file%s: %s", count(), count() == 1 ? "" : "s", String.join("; ", parts));
  }

  private List<Noun> sorted(boolean unread) {
    return kinds.keySet().stream()
        .filter(noun -> noun.unread() == unread)
        .sorted(
            Comparator.<Noun>comparingInt(noun -> -kinds.get(noun).count())
                .thenComparing(Noun::one)
                .thenComparing(Noun::rest))
        .toList();
  }

  private String words(Noun noun) {
    return kinds.get(noun).words(noun);
  }
}
