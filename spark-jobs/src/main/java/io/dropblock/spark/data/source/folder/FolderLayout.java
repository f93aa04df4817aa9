package io.dropblock.spark.data.source.folder;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.kind.ClassLabelKind;
import io.dropblock.spark.data.source.ImageFile;
import io.dropblock.spark.data.source.ImageListing;
import io.dropblock.spark.data.source.files.FileTree;
import io.dropblock.spark.data.source.files.PassedOver;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds the classes and the two splits in a tree of files. */
final class FolderLayout {
  private static final int MOST_NAMED = 10;
  private static final Pattern PART =
      Pattern.compile(
          "(?i)(k?fold|split|part|batch|set|subset|chunk|shard|partition)[ _-]?[0-9]{1,4}");

  private final String source;
  private final FileTree tree;
  private final HoldOut holdOut;
  private final Predicate<FileTree.Entry> isImage;
  private final String prefix;
  private final List<String> notes = new ArrayList<>();

  /**
   * @param isImage asked of files within class folders
   */
  FolderLayout(String source, FileTree tree, HoldOut holdOut, Predicate<FileTree.Entry> isImage) {
    this.source = source;
    this.tree = tree;
    this.holdOut = holdOut;
    this.isImage = isImage;
    this.prefix = leadingFolders();
  }

  ImageListing listing() {
    Map<SplitWord, String> splits = splits();
    if (splits.isEmpty()) {
      ClassFolders classes = classes(prefix);
      return build(classes, null);
    }
    String train = splits.get(SplitWord.TRAIN);
    String val = splits.get(SplitWord.VAL);
    if (train == null) {
      throw refused(
          "it has %s, but no train/ with class folders", ClassFolders.slashed(splits.values()));
    }
    String test = splits.get(SplitWord.TEST);
    if (val == null && test != null) {
      throw refused(
          "it has %s/ and %s/, but no val/: rename %s/ to val/ to validate on it, or name %s/ itself"
              + " to hold out a share of it",
          train, test, test, train);
    }
    if (val == null && tree.folders(prefix).size() > 1) {
      throw refused(
          "it has %s/, but of %s none is val/ with class folders", train, tree.folders(prefix));
    }
    if (test != null) {
      notes.add("Not used: " + test + "/, neither to train on nor to validate on");
    }
    if (val != null && holdOut.share() != HoldOut.DEFAULT_SHARE) {
      notes.add("Not used: the share to hold out, as " + val + "/ is validated on");
    }
    ClassFolders trained = classes(root(train));
    return build(trained, val == null ? null : classes(root(val)));
  }

  /**
   * The folders that are splits; none where the folders are classes.
   *
   * @throws DataException where they look like splits and hold no class folders, or a split is
   *     there twice
   */
  private Map<SplitWord, String> splits() {
    Set<String> top = tree.folders(prefix);
    Map<SplitWord, String> splits = new EnumMap<>(SplitWord.class);
    boolean classesInside = false;
    int named = 0;
    String twice = null;
    for (String name : top) {
      SplitWord split = SplitWord.of(name).orElse(null);
      if (split != null) {
        named++;
        String other = splits.put(split, name);
        twice = other == null ? twice : other + "/ and " + name + "/";
        classesInside |= split != SplitWord.TEST && !tree.folders(prefix + name).isEmpty();
      }
    }
    boolean sameInside = haveTheSameInside(top);
    if (splits.size() < 2
        && (lookLikeSplits(top)
            || sameInside && top.stream().anyMatch(name -> SplitWord.in(name).isPresent()))) {
      List<String> parts = OtherLayout.parts(top);
      if (!parts.isEmpty()) {
        throw refused(
            "it has the folders %s: %s", ClassFolders.slashed(top), OtherLayout.advice(parts));
      }
      throw refused(
          "the folders %s look like splits: rename those to use to train/ and val/, or name one of"
              + " them",
          ClassFolders.slashed(top));
    }
    if (sameInside && top.stream().allMatch(name -> PART.matcher(name).matches())) {
      throw refused(
          "the folders %s look like parts of one data set, each with folders of the same classes:"
              + " put them together as train/<class> and val/<class>",
          ClassFolders.slashed(top));
    }
    // One folder named train among others may be a class: a vehicle.
    if (!classesInside && splits.size() < 2 && named < top.size()) {
      return Map.of();
    }
    if (twice != null) {
      throw refused("%s look like the same split: merge them, or take one away", twice);
    }
    checkClassesInside(splits.get(SplitWord.TRAIN));
    checkClassesInside(splits.get(SplitWord.VAL));
    return splits;
  }

  /** Whether most of the names have words of splits in them, and not of the same one. */
  private static boolean lookLikeSplits(Set<String> names) {
    List<SplitWord> words = names.stream().flatMap(name -> SplitWord.in(name).stream()).toList();
    return words.size() * 2 > names.size() && words.stream().distinct().count() > 1;
  }

  /** Whether several folders have the same folders in them, and those may be the classes. */
  private boolean haveTheSameInside(Set<String> names) {
    Set<Set<String>> inside = new HashSet<>();
    names.forEach(name -> inside.add(tree.folders(prefix + name)));
    return names.size() > 1 && inside.size() == 1 && inside.iterator().next().size() > 1;
  }

  private void checkClassesInside(String split) {
    if (split == null || !tree.folders(root(split)).isEmpty()) {
      return;
    }
    List<String> files =
        tree.files().stream()
            .map(FileTree.Entry::name)
            .filter(name -> name.startsWith(root(split)))
            .toList();
    String advice =
        files.stream().anyMatch(name -> name.endsWith(".coco.json"))
            ? "that looks like COCO as Roboflow exports it, which --format coco reads"
            : "put the images of each class into " + split + "/<class>/";
    throw refused(
        "%s/ has %d file%s and no class folders: %s",
        split, files.size(), files.size() == 1 ? "" : "s", advice);
  }

  private ImageListing build(ClassFolders train, ClassFolders val) {
    List<String> classes = List.copyOf(train.names());
    if (classes.isEmpty()
        && tree.files().stream().anyMatch(file -> file.name().endsWith(".coco.json"))) {
      throw refused(
          "no class folders, but a file of annotations: that looks like one split of COCO as"
              + " Roboflow exports it; name the folder above it, with train/ and valid/");
    }
    if (classes.isEmpty() && !tree.files().isEmpty()) {
      throw refused(
          "no class folders, but files such as %s: put the images of each class into a folder of"
              + " its own",
          tree.files().iterator().next().name());
    }
    if (classes.size() < 2) {
      throw refused(
          "%s",
          classes.isEmpty() ? "no class folders" : "fewer than 2 classes, only " + classes.get(0));
    }
    Map<String, List<FileTree.Entry>> validated = new HashMap<>();
    if (val != null) {
      val.names().forEach(name -> validated.put(trained(name, train), val.images(name)));
    }
    List<ImageFile> trainFiles = new ArrayList<>();
    List<ImageFile> valFiles = new ArrayList<>();
    List<String> notValidated = new ArrayList<>();
    for (int label = 0; label < classes.size(); label++) {
      List<FileTree.Entry> own = train.images(classes.get(label));
      List<FileTree.Entry> others = validated.getOrDefault(classes.get(label), List.of());
      Set<String> held =
          val == null ? holdOut.choose(own.stream().map(this::name).toList()) : Set.of();
      for (FileTree.Entry file : own) {
        (held.contains(name(file)) ? valFiles : trainFiles).add(image(file, label));
      }
      for (FileTree.Entry file : others) {
        valFiles.add(image(file, label));
      }
      if (held.isEmpty() && others.isEmpty() && (val != null || holdOut.share() > 0)) {
        notValidated.add(classes.get(label));
      }
    }
    trainFiles.sort(Comparator.comparing(ImageFile::name));
    valFiles.sort(Comparator.comparing(ImageFile::name));
    notes.addAll(train.notes());
    if (!notValidated.isEmpty()) {
      notes.add("Trained on and not validated on: " + named("class", "classes", notValidated));
    }
    Set<FileTree.Entry> used = new HashSet<>();
    Stream.of(train, val)
        .filter(Objects::nonNull)
        .forEach(folders -> folders.names().forEach(name -> used.addAll(folders.images(name))));
    PassedOver passed = tree.passedOver(used::contains, "outside of the class folders");
    notes.addAll(passed.notes());
    return new ImageListing(
        new ClassLabelKind(),
        source,
        classes,
        List.of(),
        trainFiles,
        valFiles,
        passed.count(),
        tree.leftOut(),
        notes);
  }

  /** The class of train that a class of val is. */
  private String trained(String name, ClassFolders train) {
    String same = train.sameInUnicode(name);
    if (same == null) {
      String similar = train.sameInAnyCase(name);
      throw refused(
          "class %s is in val/, but %s",
          name, similar == null ? "not in train/" : "train/ has it as " + similar);
    }
    if (!same.equals(name)) {
      notes.add("Taken for one class, as only the Unicode form of the names differs: " + name);
    }
    return same;
  }

  private ClassFolders classes(String root) {
    return new ClassFolders(source, tree, root, isImage);
  }

  /** The folder of a split, or the one folder of the same meaning in it; ends with a slash. */
  private String root(String split) {
    String root = prefix + split + "/";
    Set<String> inside = tree.folders(root);
    if (inside.size() == 1) {
      String only = inside.iterator().next();
      if (SplitWord.of(only).equals(SplitWord.of(split))) {
        return root + only + "/";
      }
    }
    return root;
  }

  /**
   * Folders from the root that hold all others, such as {@code cifar10/}; empty or ending with a
   * slash.
   */
  private String leadingFolders() {
    String folder = "";
    while (tree.folders(folder).size() == 1) {
      String only = tree.folders(folder).iterator().next();
      String next = folder + only;
      if (SplitWord.of(only).isPresent() || tree.folders(next).isEmpty()) {
        break;
      }
      folder = next + "/";
    }
    return folder;
  }

  private static String named(String one, String several, List<String> names) {
    return String.format(
        Locale.ROOT,
        "%d %s (%s%s)",
        names.size(),
        names.size() == 1 ? one : several,
        String.join(", ", names.subList(0, Math.min(MOST_NAMED, names.size()))),
        names.size() > MOST_NAMED ? ", ..." : "");
  }

  private ImageFile image(FileTree.Entry file, int label) {
    return new ImageFile(file.container(), file.offset(), file.length(), name(file), label);
  }

  /** Without the leading folders, so that a directory and a tar of it agree. */
  private String name(FileTree.Entry file) {
    return file.name().substring(prefix.length());
  }

  /** What cannot be read may be what is missed. */
  private DataException refused(String reason, Object... values) {
    String unreadable = tree.unreadableIn("");
    return new DataException(
        "Cannot list images in "
            + source
            + ": "
            + String.format(Locale.ROOT, reason, values)
            + (unreadable == null ? "" : "; " + unreadable));
  }
}
