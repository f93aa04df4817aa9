package io.dropblock.metric.coco;

import io.dropblock.metric.Metric;
import io.dropblock.metric.Scores;
import io.dropblock.metric.Scores.Score;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * How well objects are found, by COCO's twelve numbers for boxes (Lin et al., Microsoft COCO, ECCV
 * 2014). They equal those of {@code cocodataset/cocoapi: PythonAPI/pycocotools/cocoeval.py} but for
 * one fault of it: there a detection that matches an annotation of id 0 counts as wrong, here as
 * right.
 *
 * <p>Of an image and a category the 100 surest detections count. A category without an object that
 * counts (in a range of areas) is left out of the means (of that range); what was found of it
 * counts for nothing. The scores do not depend on how images were dealt to parts, or in which order
 * these were merged: where two detections have one score, that of the lower image number comes
 * first, and within an image the first.
 *
 * <p>A part has 24 bytes a detection, however it is sent.
 */
public final class AveragePrecision implements Metric<AveragePrecision> {
  private static final long serialVersionUID = 1L;

  /** Of the twelve numbers, those that fit in a line. */
  private static final int MAIN = 3;

  private final List<String> categories;
  private final CategoryTally[] tallies;
  private final ImageNumbers images = new ImageNumbers();
  private TreeMap<Long, FoundObjects> kept;
  private long brokenImages;

  /**
   * Starts without images.
   *
   * @param categories their names by index, all different, 1 or more
   */
  public AveragePrecision(List<String> categories) {
    this.categories = List.copyOf(categories);
    if (categories.isEmpty()) {
      throw new IllegalArgumentException("Invalid categories: there is none");
    }
    if (categories.stream().distinct().count() < categories.size()) {
      throw new IllegalArgumentException("Invalid categories: two have the same name");
    }
    tallies = new CategoryTally[categories.size()];
    Arrays.setAll(tallies, i -> new CategoryTally());
  }

  /**
   * Keeps what is found in each image from now on.
   *
   * @return this
   */
  public AveragePrecision keepingFound() {
    kept = kept == null ? new TreeMap<>() : kept;
    return this;
  }

  /**
   * Adds an image.
   *
   * @param image its number, by which ties are ordered; each only once
   * @return this
   * @throws IllegalArgumentException if it was added already, or a category is none
   */
  public AveragePrecision add(long image, TrueObjects truth, FoundObjects found) {
    requireCategories(image, "a true", truth.categories());
    requireCategories(image, "a found", found.categories());
    images.add(image);
    int[] bySureness = ByScore.order(found.scores());
    IntStream.concat(Arrays.stream(truth.categories()), Arrays.stream(found.categories()))
        .distinct()
        .forEach(
            category -> {
              int[] objects =
                  IntStream.range(0, truth.size())
                      .filter(i -> truth.categories()[i] == category)
                      .toArray();
              int[] detections =
                  Arrays.stream(bySureness)
                      .filter(i -> found.categories()[i] == category)
                      .limit(CategoryAverages.MOST)
                      .toArray();
              tallies[category].add(
                  image,
                  Arrays.stream(detections).mapToDouble(i -> found.scores()[i]).toArray(),
                  new Matching(found, detections, truth, objects));
            });
    if (kept != null) {
      kept.put(image, found);
    }
    return this;
  }

  private void requireCategories(long image, String kind, int[] of) {
    for (int category : of) {
      if (category >= tallies.length) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "Cannot add image %d: %s object is of category %d, there are %d",
                image,
                kind,
                category,
                tallies.length));
      }
    }
  }

  /**
   * Adds an image for which an output of the network is not finite: it has no detections, and all
   * scores are NaN from now on.
   *
   * @return this
   */
  public AveragePrecision addNotFinite() {
    brokenImages++;
    return this;
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if {@code other} is of other categories, has an image that is
   *     here, too, or only one of both keeps what was found
   */
  @Override
  public AveragePrecision merge(AveragePrecision other) {
    if (!categories.equals(other.categories)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot merge average precision: of %s and %s",
              categories,
              other.categories));
    }
    if ((kept == null) != (other.kept == null)) {
      throw new IllegalArgumentException(
          "Cannot merge average precision: only one part keeps what was found");
    }
    images.add(other.images);
    for (int category = 0; category < tallies.length; category++) {
      tallies[category].add(other.tallies[category]);
    }
    if (kept != null) {
      kept.putAll(other.kept);
    }
    brokenImages += other.brokenImages;
    return this;
  }

  /** Whether there is an object to find, so that there are scores. */
  public boolean hasObjects() {
    return Arrays.stream(tallies).anyMatch(tally -> tally.objects(AreaRange.ALL) > 0);
  }

  /**
   * What was found in each image, in the order of their numbers, an image without detections, too.
   * Without those of {@link #addNotFinite}.
   *
   * @throws IllegalStateException if it was not kept
   */
  public SortedMap<Long, FoundObjects> found() {
    if (kept == null) {
      throw new IllegalStateException("Cannot give what was found: it was not kept");
    }
    return Collections.unmodifiableSortedMap(kept);
  }

  /**
   * Main scores are {@code AP}, {@code AP50} and {@code AP75}; details are {@code APs}, {@code
   * APm}, {@code APl}, {@code AR1}, {@code AR10}, {@code AR100}, {@code ARs}, {@code ARm} and
   * {@code ARl}, which makes COCO's twelve, and then {@code AP <category>} for each category in
   * order. A number of which there is nothing to find is NaN, where pycocotools prints -1; a note
   * names it.
   *
   * @throws IllegalStateException if no image was added, or no object that counts: neither a crowd
   *     nor larger than 1e10 square pixels
   */
  @Override
  public Scores scores() {
    if (images.isEmpty() && brokenImages == 0) {
      throw new IllegalStateException("Cannot compute average precision: no image was added");
    }
    if (brokenImages == 0 && !hasObjects()) {
      throw new IllegalStateException(
          "Cannot compute average precision: the images have no object to find");
    }
    List<CategoryAverages> averages = Arrays.stream(tallies).map(CategoryAverages::new).toList();
    List<Score> twelve = twelve(averages);
    List<Score> details = new ArrayList<>(twelve.subList(MAIN, twelve.size()));
    List<String> absent = new ArrayList<>();
    for (int category = 0; category < tallies.length; category++) {
      String name = categories.get(category);
      details.add(
          score(
              "AP " + name,
              AreaRange.ALL,
              averages.subList(category, category + 1),
              it -> it.precision(AreaRange.ALL)));
      if (!averages.get(category).isIn(AreaRange.ALL)) {
        absent.add(name);
      }
    }
    return new Scores(twelve.subList(0, MAIN), details, notes(averages, absent));
  }

  private List<Score> twelve(List<CategoryAverages> averages) {
    List<Score> twelve = new ArrayList<>();
    AreaRange all = AreaRange.ALL;
    twelve.add(score("AP", all, averages, it -> it.precision(all)));
    twelve.add(score("AP50", all, averages, it -> it.precision(all, Thresholds.HALF)));
    twelve.add(score("AP75", all, averages, it -> it.precision(all, Thresholds.THREE_QUARTERS)));
    for (AreaRange range : AreaRange.SIZES) {
      twelve.add(score("AP" + range.letter(), range, averages, it -> it.precision(range)));
    }
    for (int most : new int[] {1, 10, CategoryAverages.MOST}) {
      twelve.add(score("AR" + most, all, averages, it -> it.recall(all, most)));
    }
    for (AreaRange range : AreaRange.SIZES) {
      twelve.add(
          score(
              "AR" + range.letter(),
              range,
              averages,
              it -> it.recall(range, CategoryAverages.MOST)));
    }
    return twelve;
  }

  /** The mean over the categories that there are in a range. */
  private Score score(
      String name,
      AreaRange range,
      List<CategoryAverages> averages,
      ToDoubleFunction<CategoryAverages> value) {
    double mean =
        averages.stream()
            .filter(it -> it.isIn(range))
            .mapToDouble(value)
            .average()
            .orElse(Double.NaN);
    return new Score(name, brokenImages > 0 ? Double.NaN : mean);
  }

  private List<String> notes(List<CategoryAverages> averages, List<String> absent) {
    if (brokenImages > 0) {
      return List.of("images whose outputs are not finite: " + brokenImages);
    }
    List<String> notes = new ArrayList<>();
    if (!absent.isEmpty()) {
      notes.add("not in the means, since no object is of it: " + String.join(", ", absent));
    }
    for (AreaRange range : AreaRange.SIZES) {
      if (averages.stream().noneMatch(it -> it.isIn(range))) {
        notes.add(
            String.format(
                Locale.ROOT,
                "no %s object to find: AP%s and AR%s are undefined",
                range.name().toLowerCase(Locale.ROOT),
                range.letter(),
                range.letter()));
      }
    }
    return notes;
  }
}
