package io.dropblock.spark.data.source;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.Split;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The TFRecord files of a folder, by the numbers in their names: whole sets only. */
final class RecordNames {
  private static final Pattern NAME =
      Pattern.compile("(train|validation)-([0-9]{5})-of-([0-9]{5})");

  private final String folder;
  private final Map<Split, TreeMap<Integer, FileTree.Entry>> files = new EnumMap<>(Split.class);
  private final Map<Split, Integer> counts = new EnumMap<>(Split.class);

  private RecordNames(String folder) {
    this.folder = folder;
    for (Split split : Split.values()) {
      files.put(split, new TreeMap<>());
    }
  }

  /** Whether a file's simple name is that of a part of ImageNet's TFRecords. */
  static boolean matches(String simpleName) {
    return NAME.matcher(simpleName).matches();
  }

  /** Whether a folder is one of those that {@code imagenet_to_gcs.py} makes. */
  static boolean isFolder(String simpleName) {
    return simpleName.equals("train") || simpleName.equals("validation");
  }

  /**
   * Sorts the files.
   *
   * @throws DataException where one is missing or there twice
   */
  static RecordNames of(String folder, FileTree tree) {
    RecordNames names = new RecordNames(folder);
    tree.files().stream()
        .sorted(Comparator.comparing(FileTree.Entry::name))
        .forEach(
            entry -> {
              Matcher matcher = NAME.matcher(entry.simpleName());
              if (matcher.matches()) {
                names.add(entry, matcher);
              }
            });
    names.checkWhole();
    return names;
  }

  private void add(FileTree.Entry entry, Matcher matcher) {
    Split split = matcher.group(1).equals("train") ? Split.TRAIN : Split.VAL;
    int number = Integer.parseInt(matcher.group(2));
    int count = Integer.parseInt(matcher.group(3));
    Integer before = counts.put(split, count);
    if (before != null && before != count) {
      throw refused(String.format(Locale.ROOT, "there are parts of %d and of %d", before, count));
    }
    if (number >= count) {
      throw refused(entry.name() + " has a number beyond the last");
    }
    FileTree.Entry other = files.get(split).put(number, entry);
    if (other != null) {
      throw refused("there are both " + other.name() + " and " + entry.name());
    }
  }

  private void checkWhole() {
    for (Split split : Split.values()) {
      String word = split == Split.TRAIN ? "train" : "validation";
      Integer count = counts.get(split);
      if (count == null) {
        throw refused("there is no " + word + "-00000-of-...");
      }
      for (int i = 0; i < count; i++) {
        if (!files.get(split).containsKey(i)) {
          throw refused(String.format(Locale.ROOT, "%s-%05d-of-%05d is missing", word, i, count));
        }
      }
    }
  }

  /** All files, those of train first, each by its number. */
  List<RecordShard> shards() {
    List<RecordShard> shards = new ArrayList<>();
    files.forEach(
        (split, entries) ->
            entries
                .values()
                .forEach(entry -> shards.add(new RecordShard(entry.container(), split))));
    return shards;
  }

  private DataException refused(String reason) {
    return new DataException("Cannot list TFRecords in " + folder + ": " + reason);
  }
}
