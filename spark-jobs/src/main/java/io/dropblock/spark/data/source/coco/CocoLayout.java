package io.dropblock.spark.data.source.coco;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.source.coco.json.CocoFile;
import io.dropblock.spark.data.source.files.FileTree;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;

/**
 * Where a COCO data set has its annotations and images: as COCO 2017, as Roboflow exports it, or a
 * file a split in {@code annotations} or beside the images' folders.
 */
final class CocoLayout {
  private static final int NAMED_FILES = 3;
  private static final String KNOWN =
      "annotations/instances_train.json and instances_val.json with images in train and val or in"
          + " images, nor train/_annotations.coco.json and valid/_annotations.coco.json with images"
          + " beside them";

  private final CocoTree tree;
  private final String root;

  private CocoLayout(CocoTree tree, String root) {
    this.tree = tree;
    this.root = root;
  }

  /**
   * Finds a layout, also below folders that hold all the rest.
   *
   * @throws DataException where there is none
   */
  static CocoLayout find(CocoTree tree) {
    CocoLayout layout = search(tree);
    if (layout == null) {
      throw new CocoLayout(tree, "").nothing();
    }
    return layout;
  }

  /**
   * Whether a tree is COCO's: by file names that nobody else has, or by a file to train on and one
   * to validate on that begin as COCO's do.
   *
   * @param tree need not hold more than the files beside which annotations may be
   * @throws IOException where a file cannot be read
   */
  static boolean isIn(CocoTree tree, Configuration configuration) throws IOException {
    CocoLayout layout = search(tree);
    if (layout == null || layout.is2017()) {
      return layout != null;
    }
    List<FileTree.Entry> files = layout.splits().toList();
    if (files.stream().anyMatch(file -> CocoNames.isSure(file.simpleName()))) {
      return true;
    }
    for (FileTree.Entry file : files) {
      if (!CocoFile.beginsAsCoco(file, configuration)) {
        return false;
      }
    }
    return Stream.of(Split.values()).allMatch(split -> layout.annotations(split).count() > 0);
  }

  private static CocoLayout search(CocoTree tree) {
    String root = "";
    while (true) {
      CocoLayout layout = new CocoLayout(tree, root);
      if (layout.is2017() || layout.splits().findAny().isPresent()) {
        return layout;
      }
      Set<String> folders = tree.files().folders(root);
      if (folders.size() != 1) {
        return null;
      }
      root += folders.iterator().next() + "/";
    }
  }

  /** What a data set's root is below the tree's; empty or ends with a slash. */
  String root() {
    return root;
  }

  /** Both splits, that to train on first. */
  List<CocoPart> parts() {
    return Stream.of(Split.values()).map(split -> is2017() ? of2017(split) : of(split)).toList();
  }

  /** The annotations to test on, which are not read. */
  List<FileTree.Entry> tests() {
    Stream<FileTree.Entry> beside =
        Stream.ofNullable(tree.files().file(root + "test/" + CocoNames.BESIDE));
    return Stream.concat(
            beside, files(root).filter(file -> CocoNames.isTestFile(file.simpleName())))
        .toList();
  }

  /** All annotations of the splits to train and to validate on. */
  private Stream<FileTree.Entry> splits() {
    return Stream.of(Split.values()).flatMap(this::annotations);
  }

  private boolean is2017() {
    return Stream.of(Split.values())
        .anyMatch(split -> tree.files().file(root + CocoNames.annotations2017(split)) != null);
  }

  private CocoPart of2017(Split split) {
    String name = root + CocoNames.annotations2017(split);
    FileTree.Entry file = tree.files().file(name);
    if (file == null) {
      throw new DataException("Cannot read " + tree.title(name) + ": there is no such file");
    }
    String simple = CocoNames.folder2017(split);
    for (String folder : List.of(root + simple, root + CocoNames.IMAGES + "/" + simple)) {
      if (tree.files().hasFolder(folder)) {
        return new CocoPart(split, file, folder + "/");
      }
    }
    throw new DataException(
        "Cannot list " + tree.title(root + simple) + ": there is no such folder");
  }

  private CocoPart of(Split split) {
    List<FileTree.Entry> found = annotations(split).toList();
    if (found.isEmpty()) {
      FileTree.Entry other = splits().findFirst().orElseThrow();
      throw refused(
          "it has "
              + relative(other.name())
              + ", but no such file of "
              + (split == Split.TRAIN ? "train" : "val or valid")
              + "; split its images in two, or rename the other part's");
    }
    if (found.size() > 1) {
      throw refused(
          "both "
              + relative(found.get(0).name())
              + " and "
              + relative(found.get(1).name())
              + " are for "
              + split.word()
              + "; move one away");
    }
    FileTree.Entry file = found.get(0);
    String folder = file.name().substring(0, file.name().lastIndexOf('/') + 1);
    boolean beside = file.simpleName().equals(CocoNames.BESIDE);
    return new CocoPart(split, file, beside ? folder : imageFolder(split, file));
  }

  /** Annotations of a split, wherever they may be. */
  private Stream<FileTree.Entry> annotations(Split split) {
    Stream<FileTree.Entry> beside =
        tree.files().folders(root).stream()
            .filter(folder -> CocoNames.isFor(split, folder))
            .map(folder -> tree.files().file(root + folder + "/" + CocoNames.BESIDE))
            .filter(Objects::nonNull);
    return Stream.concat(
        beside, files(root).filter(file -> CocoNames.isFileOf(split, file.simpleName())));
  }

  /** Files in the root and in its folder of annotations, sorted by name. */
  private Stream<FileTree.Entry> files(String root) {
    String folder = root + CocoNames.ANNOTATIONS + "/";
    return tree.files().files().stream()
        .filter(
            file -> {
              String parent = file.name().substring(0, file.name().lastIndexOf('/') + 1);
              return parent.equals(root) || parent.equals(folder);
            })
        .sorted(Comparator.comparing(FileTree.Entry::name));
  }

  private String imageFolder(Split split, FileTree.Entry file) {
    String stem = CocoNames.stem(file.simpleName());
    Set<String> found = new TreeSet<>();
    for (String parent : List.of(root, root + CocoNames.IMAGES + "/")) {
      for (String folder : tree.files().folders(parent)) {
        if (folder.equalsIgnoreCase(stem) || CocoNames.isFor(split, folder)) {
          found.add(parent + folder + "/");
        }
      }
    }
    if (found.isEmpty() && tree.files().hasFolder(root + CocoNames.IMAGES)) {
      found.add(root + CocoNames.IMAGES + "/");
    }
    if (found.size() == 1) {
      return found.iterator().next();
    }
    if (found.isEmpty()) {
      throw refused(
          String.format(
              Locale.ROOT,
              "no folder has the images of %s: there is none of %s, images/%s and images",
              relative(file.name()),
              stem,
              stem));
    }
    throw refused(
        String.format(
            Locale.ROOT,
            "the images of %s may be in %s; move one away",
            relative(file.name()),
            found.stream().map(this::relative).collect(Collectors.joining(" or in "))));
  }

  private String relative(String name) {
    return name.substring(root.length());
  }

  private DataException nothing() {
    String others =
        files("")
            .map(FileTree.Entry::name)
            .filter(name -> name.contains(".json"))
            .limit(NAMED_FILES)
            .collect(Collectors.joining(", "));
    return refused("it has " + (others.isEmpty() ? "" : others + ", but ") + "neither " + KNOWN);
  }

  private DataException refused(String reason) {
    return new DataException("Cannot list COCO in " + tree.path() + ": " + reason);
  }
}
