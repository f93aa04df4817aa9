package io.dropblock.spark.train.checkpoint;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.text.Count;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a run knows its data set by: kept in the run folder and in each checkpoint.
 *
 * @param classes names of the classes; output {@code i} of the network stands for name {@code i}
 * @param trainImages images to learn from
 * @param valImages images to measure on
 * @param shards files of both
 * @param identity {@link DatasetManifest#identity()}
 * @param categoryIds {@link DatasetManifest#categoryIds()}; null where there are none, and in runs
 *     of older versions
 */
public record DataIdentity(
    List<String> classes,
    long trainImages,
    long valImages,
    int shards,
    String identity,
    @JsonInclude(JsonInclude.Include.NON_NULL) List<Integer> categoryIds)
    implements Serializable {
  private static final int SOME = 3;

  /**
   * @throws IllegalArgumentException if classes or identity are missing
   */
  public DataIdentity {
    if (classes == null || identity == null) {
      throw new IllegalArgumentException("Invalid data: classes or identity are missing");
    }
    classes = List.copyOf(classes);
    categoryIds = categoryIds == null ? null : List.copyOf(categoryIds);
  }

  /** Of a stored data set. */
  public static DataIdentity of(DatasetManifest manifest) {
    return new DataIdentity(
        manifest.classes(),
        manifest.records(Split.TRAIN),
        manifest.records(Split.VAL),
        manifest.train().size() + manifest.val().size(),
        manifest.identity(),
        manifest.categoryIds());
  }

  /**
   * How other data differ from these.
   *
   * @return as the end of a sentence; empty if they are the same
   */
  public Optional<String> difference(DataIdentity now) {
    List<String> found = new ArrayList<>();
    classDifference(now.classes).ifPresent(found::add);
    count(found, "image to train on", "images to train on", trainImages, now.trainImages);
    count(found, "image to validate on", "images to validate on", valImages, now.valImages);
    count(found, "shard", "shards", shards, now.shards);
    if (found.isEmpty() && !identity.equals(now.identity)) {
      found.add("as many images of the same classes, but others, or in another order");
    }
    return found.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", found));
  }

  private static void count(List<String> found, String one, String several, long was, long is) {
    if (was != is) {
      found.add(String.format(Locale.ROOT, "%s in place of %,d", Count.of(is, one, several), was));
    }
  }

  /**
   * How other classes differ from these.
   *
   * @return as the end of a sentence; empty if they are the same in the same order
   */
  public Optional<String> classDifference(List<String> now) {
    if (classes.equals(now)) {
      return Optional.empty();
    }
    List<String> missing = without(classes, now);
    List<String> added = without(now, classes);
    if (missing.isEmpty() && added.isEmpty()) {
      return Optional.of("the same classes in another order: " + places(now));
    }
    List<String> found = new ArrayList<>();
    if (!missing.isEmpty()) {
      found.add("without " + some(missing));
    }
    if (!added.isEmpty()) {
      found.add("with " + some(added) + " besides");
    }
    return Optional.of("other classes: " + String.join(", ", found));
  }

  private String places(List<String> now) {
    List<String> found = new ArrayList<>();
    for (int i = 0; i < classes.size(); i++) {
      if (!classes.get(i).equals(now.get(i))) {
        found.add(
            String.format(
                Locale.ROOT, "number %d is '%s' in place of '%s'", i, now.get(i), classes.get(i)));
      }
    }
    return first(found);
  }

  private static List<String> without(List<String> names, List<String> others) {
    HashSet<String> known = new HashSet<>(others);
    return names.stream().filter(name -> !known.contains(name)).toList();
  }

  private static String some(List<String> names) {
    return first(names.stream().map(name -> "'" + name + "'").toList());
  }

  private static String first(List<String> all) {
    String shown = String.join(", ", all.subList(0, Math.min(SOME, all.size())));
    return all.size() <= SOME ? shown : shown + " and " + (all.size() - SOME) + " more";
  }
}
