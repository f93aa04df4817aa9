package io.dropblock.spark.data.source.coco;

import io.dropblock.spark.data.source.Findings;
import io.dropblock.spark.data.source.coco.json.CocoAnnotation;
import io.dropblock.spark.data.source.coco.json.CocoCategory;
import io.dropblock.spark.data.source.coco.json.CocoFile;
import io.dropblock.spark.data.source.coco.json.CocoId;
import io.dropblock.spark.data.source.coco.json.CocoJson;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The classes of a data set: the categories of its files by rank of their ids, without those that
 * are only a group of others.
 */
final class CocoClasses {
  private final List<CocoCategory> kept;
  private final List<String> notes = new ArrayList<>();
  private final Map<CocoId, Integer> labels = new HashMap<>();

  private CocoClasses(String name, List<CocoCategory> kept) {
    this.kept = kept;
    kept.forEach(category -> labels.put(category.id(), labels.size()));
    if (!haveNumbers()) {
      notes.add(
          name
              + ": not all ids of categories are whole numbers from 0 to 2147483647; classes are"
              + " numbered from 0 in the order of their ids");
    }
  }

  /**
   * Of the file to train on and others.
   *
   * @param name of the file to train on, for people
   * @throws io.dropblock.spark.data.DataException where another file has a category that the first
   *     one has not, or two categories have the same name
   */
  static CocoClasses of(String name, List<CocoFile> files) {
    CocoFile train = files.get(0);
    files.forEach(file -> checkKnown(file, train));
    Set<CocoId> used =
        files.stream()
            .flatMap(file -> file.annotations().stream())
            .map(CocoAnnotation::category)
            .filter(Objects::nonNull)
            .collect(Collectors.toCollection(HashSet::new));
    List<CocoCategory> sorted = new ArrayList<>(train.categories());
    sorted.sort(Comparator.comparing(CocoCategory::id));
    List<CocoCategory> kept = new ArrayList<>(sorted);
    kept.removeIf(category -> !used.contains(category.id()) && isGroup(category, sorted));
    CocoClasses classes = new CocoClasses(name, kept.isEmpty() ? sorted : kept);
    classes.noteGroups(name, sorted);
    classes.checkNames(train);
    classes.noteUnused(name, train);
    return classes;
  }

  private static boolean isGroup(CocoCategory category, List<CocoCategory> all) {
    return all.stream()
        .anyMatch(other -> other != category && category.name().equals(other.group()));
  }

  private static void checkKnown(CocoFile file, CocoFile train) {
    Map<CocoId, String> names = new HashMap<>();
    train.categories().forEach(category -> names.put(category.id(), category.name()));
    for (CocoCategory category : file.categories()) {
      String name = names.get(category.id());
      if (!category.name().equals(name)) {
        throw file.refused(
            "its category "
                + category.id()
                + " is "
                + CocoJson.shortened(category.name())
                + ", but "
                + (name == null ? "there is none of this id" : "it is " + CocoJson.shortened(name))
                + " in "
                + train.title(),
            null);
      }
    }
  }

  private void noteGroups(String name, List<CocoCategory> all) {
    if (kept.size() < all.size()) {
      notes.add(
          name
              + ": no class, as it is only the supercategory of others and no annotation has it: "
              + all.stream()
                  .filter(category -> !kept.contains(category))
                  .map(category -> "category " + category.id() + " " + category.name())
                  .collect(Collectors.joining(", ")));
    }
  }

  private void checkNames(CocoFile train) {
    Map<String, CocoId> ids = new HashMap<>();
    for (CocoCategory category : kept) {
      CocoId before = ids.put(category.name(), category.id());
      if (before != null) {
        throw train.refused(
            "categories "
                + before
                + " and "
                + category.id()
                + " are both called "
                + CocoJson.shortened(category.name())
                + "; rename one, or make them one",
            null);
      }
    }
  }

  private void noteUnused(String name, CocoFile train) {
    Set<CocoId> used =
        train.annotations().stream()
            .map(CocoAnnotation::category)
            .filter(Objects::nonNull)
            .collect(Collectors.toSet());
    List<String> unused =
        kept.stream()
            .filter(category -> !used.contains(category.id()))
            .map(CocoCategory::name)
            .toList();
    if (!unused.isEmpty()) {
      Findings findings = new Findings(name);
      unused.forEach(one -> findings.note("classes", "without an annotation", one));
      notes.addAll(findings.notes());
    }
  }

  private boolean haveNumbers() {
    return kept.stream()
        .map(CocoCategory::id)
        .allMatch(id -> id.isNumber() && id.number() >= 0 && id.number() <= Integer.MAX_VALUE);
  }

  /** By label. */
  List<String> names() {
    return kept.stream().map(CocoCategory::name).toList();
  }

  /** The number of each class in the data set, by label; empty where not all have one. */
  List<Integer> numbers() {
    return haveNumbers()
        ? kept.stream().map(category -> (int) category.id().number()).toList()
        : List.of();
  }

  /** Of a category, or null. */
  Integer label(CocoId category) {
    return labels.get(category);
  }

  /** What is read in another way than it is written. */
  List<String> notes() {
    return List.copyOf(notes);
  }
}
