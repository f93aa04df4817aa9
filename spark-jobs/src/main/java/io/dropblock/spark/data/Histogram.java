package io.dropblock.spark.data;

import java.io.Serializable;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;

/** How often each length came; exact, and mergeable over shards. */
public final class Histogram implements Serializable {
  private static final long serialVersionUID = 1L;

  private final TreeMap<Integer, Long> counts = new TreeMap<>();

  /** One more of a value. */
  public void add(int value) {
    counts.merge(value, 1L, Long::sum);
  }

  /** Adds all values of another one. */
  public Histogram merge(Histogram other) {
    other.counts.forEach((value, count) -> counts.merge(value, count, Long::sum));
    return this;
  }

  /** Number of values. */
  public long count() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  /**
   * Number of values in a range.
   *
   * @param from least of them
   * @param to behind the greatest of them
   */
  public long count(int from, int to) {
    return counts.subMap(from, to).values().stream().mapToLong(Long::longValue).sum();
  }

  /** The least value. */
  public int min() {
    return counts.firstKey();
  }

  /** The middle value; of an even number of values the lower of the two. */
  public int median() {
    long before = (count() + 1) / 2;
    for (Map.Entry<Integer, Long> entry : counts.entrySet()) {
      before -= entry.getValue();
      if (before <= 0) {
        return entry.getKey();
      }
    }
    throw new NoSuchElementException("no values");
  }

  /** The greatest value. */
  public int max() {
    return counts.lastKey();
  }
}
