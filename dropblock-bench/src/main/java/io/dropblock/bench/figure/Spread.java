package io.dropblock.bench.figure;

import java.util.List;

/**
 * A figure that was taken several times.
 *
 * @param median the upper one of two
 * @param least the smallest
 * @param most the largest
 */
public record Spread(double median, double least, double most) {

  /**
   * Of several values.
   *
   * @param values at least one
   */
  public static Spread of(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int count = sorted.size();
    return new Spread(sorted.get(count / 2), sorted.get(0), sorted.get(count - 1));
  }
}
