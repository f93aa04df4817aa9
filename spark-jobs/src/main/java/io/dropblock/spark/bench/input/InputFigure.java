package io.dropblock.spark.bench.input;

import java.util.List;

/**
 * One measured case: images a second of all threads together.
 *
 * @param median of the repetitions
 * @param least of them
 * @param most of them
 */
public record InputFigure(InputCase what, double median, double least, double most) {
  static InputFigure of(InputCase what, List<Double> rates) {
    List<Double> sorted = rates.stream().sorted().toList();
    int count = sorted.size();
    return new InputFigure(what, sorted.get(count / 2), sorted.get(0), sorted.get(count - 1));
  }
}
