package io.dropblock.spark.data.source;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.Split;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Finds the classes and the two splits in a tree of files. */
final class FolderLayout {
  private final String source;
  private final FileTree tree;
  private final HoldOut holdOut;
  private final String prefix;
  private int ignored;

  FolderLayout(String source, FileTree tree, HoldOut holdOut) {
    this.source = source;
    this.tree = tree;
    this.holdOut = holdOut;
    this.prefix = leadingFolders();
    this.ignored = tree.others();
  }

  ImageListing listing() {
    Set<String> top = tree.folders(prefix);
    boolean trainFolder = hasClasses(top, Split.TRAIN);
    boolean valFolder = hasClasses(top, Split.VAL);
    if (trainFolder && !valFolder && top.size() > 1) {
      throw refused("it has train/, but of " + top + " none is val/ with class folders");
    }
    if (valFolder && !trainFolder) {
      throw refused("it has val/, but no train/ with class folders");
    }
    String trainRoot = trainFolder ? prefix + Split.TRAIN.word() + "/" : prefix;
    SortedMap<String, List<FileTree.Entry>> train = classes(trainRoot);
    SortedMap<String, List<FileTree.Entry>> val =
        valFolder ? classes(prefix + Split.VAL.word() + "/") : new TreeMap<>();
    countIgnored(train, val);
    return build(train, val, valFolder);
  }

  private ImageListing build(
      SortedMap<String, List<FileTree.Entry>> train,
      SortedMap<String, List<FileTree.Entry>> val,
      boolean valFolder) {
    List<String> classes = List.copyOf(train.keySet());
    if (classes.size() < 2) {
      throw refused(
          classes.isEmpty() ? "no class folders" : "fewer than 2 classes, only " + classes.get(0));
    }
    for (String name : val.keySet()) {
      if (!train.containsKey(name)) {
        throw refused("class " + name + " is in val/, but not in train/");
      }
    }
    List<ImageFile> trainFiles = new ArrayList<>();
    List<ImageFile> valFiles = new ArrayList<>();
    for (int label = 0; label < classes.size(); label++) {
      List<FileTree.Entry> own = train.get(classes.get(label));
      Set<String> held =
          valFolder ? Set.of() : holdOut.choose(own.stream().map(this::name).toList());
      for (FileTree.Entry file : own) {
        (held.contains(name(file)) ? valFiles : trainFiles).add(image(file, label));
      }
      for (FileTree.Entry file : val.getOrDefault(classes.get(label), List.of())) {
        valFiles.add(image(file, label));
      }
    }
    trainFiles.sort(Comparator.comparing(ImageFile::name));
    valFiles.sort(Comparator.comparing(ImageFile::name));
    return new ImageListing(source, classes, trainFiles, valFiles, ignored);
  }

  /** The images of each class folder directly under a root, which is empty or ends with a slash. */
  private SortedMap<String, List<FileTree.Entry>> classes(String root) {
    SortedMap<String, List<FileTree.Entry>> classes = new TreeMap<>();
    for (String name : tree.folders(root)) {
      classes.put(name, new ArrayList<>());
    }
    for (FileTree.Entry file : tree.files()) {
      int slash = file.name().startsWith(root) ? file.name().indexOf('/', root.length()) : -1;
      if (slash >= 0 && ImageFolder.isImage(file.name())) {
        classes.get(file.name().substring(root.length(), slash)).add(file);
      }
    }
    classes.forEach(
        (name, files) -> {
          if (files.isEmpty()) {
            throw refused("class folder " + root + name + " has no images");
          }
        });
    return classes;
  }

  private void countIgnored(
      SortedMap<String, List<FileTree.Entry>> train, SortedMap<String, List<FileTree.Entry>> val) {
    int used = train.values().stream().mapToInt(List::size).sum();
    used += val.values().stream().mapToInt(List::size).sum();
    ignored += tree.files().size() - used;
  }

  private boolean hasClasses(Set<String> top, Split split) {
    return top.contains(split.word()) && !tree.folders(prefix + split.word()).isEmpty();
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
      boolean split = only.equals(Split.TRAIN.word()) || only.equals(Split.VAL.word());
      if (split || tree.folders(next).isEmpty()) {
        break;
      }
      folder = next + "/";
    }
    return folder;
  }

  private ImageFile image(FileTree.Entry file, int label) {
    return new ImageFile(file.container(), file.offset(), file.length(), name(file), label);
  }

  /** Without the leading folders, so that a directory and a tar of it agree. */
  private String name(FileTree.Entry file) {
    return file.name().substring(prefix.length());
  }

  private DataException refused(String reason) {
    return new DataException("Cannot list images in " + source + ": " + reason);
  }
}
