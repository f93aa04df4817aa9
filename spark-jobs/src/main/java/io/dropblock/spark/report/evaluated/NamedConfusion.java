package io.dropblock.spark.report.evaluated;

import io.dropblock.spark.evaluate.example.ClassPairs;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which class was taken for which.
 *
 * @param unit what was counted: {@code images} or {@code pixels}
 * @param classes names by number; none where there are more than {@value #MOST_CLASSES}
 * @param counts a row for each true class, a column for each that it was taken for
 * @param confused the pairs of different classes that are most often confused, at most {@value
 *     #MOST_PAIRS}
 */
public record NamedConfusion(
    String unit, List<String> classes, List<List<Long>> counts, List<Pair> confused) {
  /** With more a matrix is none to look at. */
  static final int MOST_CLASSES = 40;

  static final int MOST_PAIRS = 20;

  /**
   * A class that was taken for another.
   *
   * @param truth its name
   * @param said the other's name
   * @param count how often
   */
  public record Pair(String truth, String said, long count) {}

  /** Copies the lists. */
  public NamedConfusion {
    classes = List.copyOf(classes);
    counts = counts.stream().map(List::copyOf).toList();
    confused = List.copyOf(confused);
  }

  static NamedConfusion of(String unit, List<String> classes, ClassPairs pairs) {
    List<Pair> confused =
        pairs.mostConfused(MOST_PAIRS).stream()
            .map(it -> new Pair(classes.get(it.truth()), classes.get(it.said()), it.count()))
            .toList();
    if (classes.size() > MOST_CLASSES) {
      return new NamedConfusion(unit, List.of(), List.of(), confused);
    }
    List<List<Long>> counts =
        IntStream.range(0, classes.size())
            .mapToObj(
                truth ->
                    IntStream.range(0, classes.size())
                        .mapToObj(said -> pairs.count(truth, said))
                        .toList())
            .toList();
    return new NamedConfusion(unit, classes, counts, confused);
  }
}
