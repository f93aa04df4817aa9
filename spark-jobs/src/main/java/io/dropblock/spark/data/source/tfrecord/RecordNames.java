package io.dropblock.spark.data.source.tfrecord;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.source.files.FileTree;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The TFRecord files of a folder, by the numbers in their names: whole sets only. */
final class RecordNames {
  private static final String TRAIN = "train";
  // The first one that is there is validated on.
  private static final List<String> VAL = List.of("validation", "test");
  private static final Pattern VERSION = Pattern.compile("[0-9]+\\.[0-9]+\\.[0-9]+");

  private final String folder;
  private final Map<String, TreeMap<Integer, FileTree.Entry>> files = new TreeMap<>();
  private final Map<String, RecordName> firsts = new TreeMap<>();
  private String dataSet;

  private RecordNames(String folder) {
    this.folder = folder;
  }

  /** Whether a file's simple name is that of a part of a set of records. */
  static boolean matches(String simpleName) {
    return RecordName.of(simpleName) != null;
  }

  /** Whether a folder is one that {@code imagenet_to_gcs.py} or TFDS makes for records. */
  static boolean isFolder(String simpleName) {
    return simpleName.equals(TRAIN)
        || simpleName.equals("validation")
        || VERSION.matcher(simpleName).matches();
  }

  /**
   * Sorts the files.
   *
   * @throws DataException where one is missing or there twice, or they are of two data sets
   */
  static RecordNames of(String folder, FileTree tree) {
    RecordNames names = new RecordNames(folder);
    tree.files().stream()
        .sorted(Comparator.comparing(FileTree.Entry::name))
        .forEach(
            entry -> {
              RecordName name = RecordName.of(entry.simpleName());
              if (name != null) {
                names.add(entry, name);
              }
            });
    names.checkWhole();
    return names;
  }

  private void add(FileTree.Entry entry, RecordName name) {
    if (files.isEmpty()) {
      dataSet = name.dataSet();
    } else if (dataSet == null ? name.dataSet() != null : !dataSet.equals(name.dataSet())) {
      throw refused(
          "there are both "
              + firsts.values().iterator().next().sibling(0)
              + " and "
              + entry.name()
              + ", two data sets; name the folder of one");
    }
    RecordName before = firsts.putIfAbsent(name.split(), name);
    if (before != null && before.count() != name.count()) {
      throw refused("there are parts of " + before.count() + " and of " + name.count());
    }
    if (name.number() >= name.count()) {
      throw refused(entry.name() + " has a number beyond the last");
    }
    FileTree.Entry other =
        files.computeIfAbsent(name.split(), key -> new TreeMap<>()).put(name.number(), entry);
    if (other != null) {
      throw refused("there are both " + other.name() + " and " + entry.name());
    }
  }

  private void checkWhole() {
    for (Split split : Split.values()) {
      String word = word(split);
      RecordName first = firsts.get(word);
      if (first == null) {
        throw refused("there is no " + RecordName.start(dataSet, word) + "-00000-of-...");
      }
      for (int i = 0; i < first.count(); i++) {
        if (!files.get(word).containsKey(i)) {
          throw refused(first.sibling(i) + " is missing");
        }
      }
    }
  }

  private String word(Split split) {
    return split == Split.TRAIN
        ? TRAIN
        : VAL.stream().filter(firsts::containsKey).findFirst().orElse(VAL.get(0));
  }

  /** Whether a file is a part of the data set, read or not. */
  boolean isPart(FileTree.Entry file) {
    return matches(file.simpleName())
        || form() == RecordForm.TFDS
            && (file.simpleName().endsWith(".json")
                || file.simpleName().equals(RecordClasses.FILE));
  }

  /** Who wrote them. */
  RecordForm form() {
    return dataSet == null ? RecordForm.IMAGENET : RecordForm.TFDS;
  }

  /** The file of all that are read which comes first. */
  FileTree.Entry first() {
    return files.get(TRAIN).firstEntry().getValue();
  }

  /** The files of a split, by their numbers. */
  List<FileTree.Entry> files(Split split) {
    return new ArrayList<>(files.get(word(split)).values());
  }

  /** What is taken for another split, or not read. */
  List<String> notes() {
    List<String> notes = new ArrayList<>();
    String val = word(Split.VAL);
    if (!val.equals(VAL.get(0))) {
      notes.add("there is no split " + VAL.get(0) + ": " + val + " is validated on");
    }
    Set<String> others = new TreeSet<>(firsts.keySet());
    others.removeAll(List.of(TRAIN, val));
    others.forEach(other -> notes.add("the split " + other + " is not read"));
    return notes;
  }

  private DataException refused(String reason) {
    return new DataException("Cannot list TFRecords in " + folder + ": " + reason);
  }
}
