package io.dropblock.spark.evaluate.example;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The few examples with the largest loss, or with the smallest, in that order; of equal ones those
 * that come first in the split. Not thread-safe.
 */
final class Extremes implements Serializable {
  private static final long serialVersionUID = 1L;

  private final boolean largest;
  private final int most;
  private final ArrayList<Example> kept = new ArrayList<>();

  /**
   * @param largest whether the loss is to be large
   * @param most how many are kept
   */
  Extremes(boolean largest, int most) {
    this.largest = largest;
    this.most = most;
  }

  /** An image that may become an example. */
  record Candidate(double loss, long place) {}

  /** The best first. */
  Comparator<Candidate> order() {
    Comparator<Candidate> byLoss = Comparator.comparingDouble(Candidate::loss);
    return (largest ? byLoss.reversed() : byLoss).thenComparingLong(Candidate::place);
  }

  /** Whether an image would be kept; so only those that are have to be drawn. */
  boolean takes(Candidate candidate) {
    if (kept.size() < most) {
      return true;
    }
    return most > 0 && order().compare(candidate, candidate(kept.get(most - 1))) < 0;
  }

  /** Adds an example, if it is kept. */
  void add(Example example) {
    if (!takes(candidate(example))) {
      return;
    }
    kept.add(example);
    kept.sort((a, b) -> order().compare(candidate(a), candidate(b)));
    if (kept.size() > most) {
      kept.remove(most);
    }
  }

  void merge(Extremes other) {
    other.kept.forEach(this::add);
  }

  List<Example> kept() {
    return List.copyOf(kept);
  }

  private static Candidate candidate(Example example) {
    return new Candidate(example.loss(), example.place());
  }
}
