package io.dropblock.spark.evaluate.example;

import io.dropblock.metric.ConfusionMatrix;
import io.dropblock.metric.Scores.Score;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How often each class was taken for each: what a {@link ConfusionMatrix} holds, but memory goes by
 * the pairs that there are, at most one an image, and not by the square of the classes. Not
 * thread-safe.
 */
public final class ClassPairs implements Serializable {
  private static final long serialVersionUID = 1L;

  private final HashMap<Long, Long> counts = new HashMap<>();

  /**
   * Images of a class that were taken for another.
   *
   * @param truth number of the true class
   * @param said number of the other
   * @param count how many, 1 or more
   */
  public record Pair(int truth, int said, long count) {}

  /** Those of a matrix. */
  public static ClassPairs of(ConfusionMatrix matrix) {
    ClassPairs pairs = new ClassPairs();
    for (int truth = 0; truth < matrix.classes(); truth++) {
      for (int said = 0; said < matrix.classes(); said++) {
        pairs.add(truth, said, matrix.count(truth, said));
      }
    }
    return pairs;
  }

  /** Counts one. */
  void add(int truth, int said) {
    add(truth, said, 1);
  }

  private void add(int truth, int said, long count) {
    if (count > 0) {
      counts.merge(key(truth, said), count, Long::sum);
    }
  }

  void merge(ClassPairs other) {
    other.counts.forEach((key, count) -> counts.merge(key, count, Long::sum));
  }

  /** Whether nothing was counted. */
  public boolean isEmpty() {
    return counts.isEmpty();
  }

  /** How many of a class were taken for a class, maybe the same. */
  public long count(int truth, int said) {
    return counts.getOrDefault(key(truth, said), 0L);
  }

  /**
   * Two classes that were taken for each other most often, the most first, those of lower numbers
   * first where as many.
   *
   * @param most how many pairs at most
   */
  public List<Pair> mostConfused(int most) {
    return counts.entrySet().stream()
        .map(ClassPairs::pair)
        .filter(pair -> pair.truth() != pair.said())
        .sorted(
            Comparator.comparingLong(Pair::count)
                .reversed()
                .thenComparingInt(Pair::truth)
                .thenComparingInt(Pair::said))
        .limit(most)
        .toList();
  }

  /**
   * {@code accuracy <class>} of each class in order: the share of its images that were taken for
   * it, NaN where there is none. Classes of one name are told apart by their numbers.
   *
   * @param classes their names by number
   */
  public List<Score> accuracies(List<String> classes) {
    long[] of = new long[classes.size()];
    counts.forEach((key, count) -> of[(int) (key >> Integer.SIZE)] += count);
    boolean named = classes.stream().distinct().count() == classes.size();
    List<Score> accuracies = new ArrayList<>();
    for (int label = 0; label < of.length; label++) {
      String name = classes.get(label) + (named ? "" : " (class " + label + ")");
      accuracies.add(new Score("accuracy " + name, (double) count(label, label) / of[label]));
    }
    return accuracies;
  }

  private static long key(int truth, int said) {
    return (long) truth << Integer.SIZE | said;
  }

  private static Pair pair(Map.Entry<Long, Long> entry) {
    long key = entry.getKey();
    return new Pair((int) (key >> Integer.SIZE), (int) key, entry.getValue());
  }
}
