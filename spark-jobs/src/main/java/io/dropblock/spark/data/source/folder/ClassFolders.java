package io.dropblock.spark.data.source.folder;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.source.files.FileKind;
import io.dropblock.spark.data.source.files.FileTree;
import io.dropblock.spark.data.source.files.PassedOver;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The class folders directly under a folder of a tree, with their images. */
final class ClassFolders {
  private final String source;
  private final FileTree tree;
  private final String root;
  private final SortedMap<String, List<FileTree.Entry>> classes = new TreeMap<>();

  /**
   * Finds them.
   *
   * @param source what is listed, for errors
   * @param root the folder; empty, or ending with a slash
   * @param isImage asked of files within class folders
   * @throws DataException where they are no classes, or one has no images
   */
  ClassFolders(String source, FileTree tree, String root, Predicate<FileTree.Entry> isImage) {
    this.source = source;
    this.tree = tree;
    this.root = root;
    tree.folders(root).forEach(name -> classes.put(name, new ArrayList<>()));
    checkNames();
    for (FileTree.Entry file : tree.files()) {
      int slash = file.name().startsWith(root) ? file.name().indexOf('/', root.length()) : -1;
      if (slash >= 0 && isImage.test(file)) {
        classes.get(file.name().substring(root.length(), slash)).add(file);
      }
    }
    checkImages();
  }

  Set<String> names() {
    return classes.keySet();
  }

  /** The images of a class; none where there is no such class. */
  List<FileTree.Entry> images(String name) {
    return classes.getOrDefault(name, List.of());
  }

  /** The name that differs from this one in Unicode form only, or is it, or null. */
  String sameInUnicode(String name) {
    if (classes.containsKey(name)) {
      return name;
    }
    String form = form(name);
    return classes.keySet().stream()
        .filter(other -> form(other).equals(form))
        .findFirst()
        .orElse(null);
  }

  /** The name that differs from this one in case only, or null. */
  String sameInAnyCase(String name) {
    return classes.keySet().stream().filter(name::equalsIgnoreCase).findFirst().orElse(null);
  }

  /** What people should know of the names and of where the images lie. */
  List<String> notes() {
    List<String> notes = new ArrayList<>();
    Map<String, String> lower = new HashMap<>();
    for (String name : names()) {
      String other = lower.put(name.toLowerCase(Locale.ROOT), name);
      if (other != null) {
        notes.add("Two classes, whose names differ in case only: " + other + " and " + name);
      }
    }
    for (String part : OtherLayout.parts(names())) {
      notes.add("A class by its folder, though named like a part of another layout: " + part);
    }
    List<FileTree.Entry> deep =
        classes.values().stream()
            .flatMap(List::stream)
            .filter(
                file -> file.name().indexOf('/', file.name().indexOf('/', root.length()) + 1) > 0)
            .toList();
    if (!deep.isEmpty()) {
      FileTree.Entry example = deep.get(0);
      String folder = example.name().substring(root.length());
      notes.add(
          String.format(
              Locale.ROOT,
              "In folders within class folders: %d image%s; %s is one of %s%s",
              deep.size(),
              deep.size() == 1 ? "" : "s",
              example.name(),
              folder.substring(0, folder.indexOf('/')),
              sameInside()));
    }
    return notes;
  }

  /** What to do where all class folders have the same folders; empty where they have not. */
  private String sameInside() {
    Set<Set<String>> inside =
        names().stream().map(name -> tree.folders(root + name)).collect(Collectors.toSet());
    Set<String> folders = inside.iterator().next();
    if (inside.size() > 1 || folders.size() < 2) {
      return "";
    }
    return "; all of them have the same folders, such as "
        + folders.iterator().next()
        + ": where those are the classes, name one class folder, or put them together";
  }

  private void checkNames() {
    Map<String, String> forms = new HashMap<>();
    for (String name : names()) {
      if (forms.put(form(name), name) != null) {
        throw refused(
            "two class folders are named %s%s, and differ in the Unicode form of their names only:"
                + " merge them",
            root, name);
      }
    }
    List<String> parts = OtherLayout.parts(names());
    if (parts.size() > 1 || !parts.isEmpty() && parts.size() == classes.size()) {
      throw refused(
          "%s has the folder%s %s: %s%s",
          root.isEmpty() ? "it" : root,
          parts.size() == 1 ? "" : "s",
          slashed(parts),
          OtherLayout.advice(parts),
          parts.stream()
              .filter(this::mayHoldClasses)
              .findFirst()
              .map(part -> "; where the folders in " + root + part + "/ are the classes, name it")
              .orElse(""));
    }
    for (String name : names()) {
      Set<SplitWord> splits =
          tree.folders(root + name).stream()
              .flatMap(folder -> SplitWord.of(folder).stream())
              .collect(Collectors.toSet());
      if (splits.size() > 1) {
        throw refused(
            "class folder %s%s has the folders %s: move them up, to train/%s and val/%s",
            root, name, slashed(tree.folders(root + name)), name, name);
      }
    }
  }

  private boolean mayHoldClasses(String part) {
    Set<String> inside = tree.folders(root + part);
    return OtherLayout.isOfImages(part)
        && inside.size() > 1
        && inside.stream().allMatch(name -> SplitWord.in(name).isEmpty());
  }

  private void checkImages() {
    classes.forEach(
        (name, files) -> {
          if (files.isEmpty()) {
            String folder = root + name;
            throw refused("class folder %s has no images%s", folder, contents(folder + "/"));
          }
        });
  }

  /** What a folder without images holds, behind a colon; empty where that is nothing. */
  private String contents(String folder) {
    String unreadable = tree.unreadableIn(folder);
    if (unreadable != null) {
      return ": " + unreadable;
    }
    PassedOver passed = new PassedOver();
    tree.files().stream()
        .map(FileTree.Entry::name)
        .filter(name -> name.startsWith(folder))
        .forEach(name -> passed.add(FileKind.of(name).noun(""), name));
    return passed.count() == 0 ? "" : ", but " + passed;
  }

  /** Names of folders for people. */
  static String slashed(Collection<String> folders) {
    return folders.stream().map(name -> name + "/").collect(Collectors.joining(", "));
  }

  private static String form(String name) {
    return Normalizer.normalize(name, Normalizer.Form.NFC);
  }

  private DataException refused(String reason, Object... values) {
    return new DataException(
        "Cannot list images in " + source + ": " + String.format(Locale.ROOT, reason, values));
  }
}
