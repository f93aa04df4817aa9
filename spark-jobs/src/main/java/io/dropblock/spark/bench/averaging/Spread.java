package io.dropblock.spark.bench.averaging;

import java.util.List;

/**
 * A figure that was taken several times.
 *
 * @param median the upper one of two
 * @param least the smallest
 * @param most the largest
 */
record Spread(double median, double least, double most) {

  static Spread of(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int count = sorted.size();
    return new Spread(sorted.get(count / 2), sorted.get(0), sorted.get(count - 1));
  }
}
