package io.dropblock.spark.experiment;

import io.dropblock.metric.Scores;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The cells of a row at one place: they differ in their seeds alone.
 *
 * @param row whose
 * @param x where it lies along the axis; empty if the row has one place only
 * @param planned how many cells there are
 * @param outcomes of those that are done
 */
record Point(Row row, OptionalDouble x, int planned, List<Outcome> outcomes) {
  Point {
    outcomes = List.copyOf(outcomes);
  }

  /** The score of the best epochs, or of the last ones; empty if no cell has it. */
  Optional<Sample> score(String name, Function<Outcome, Scores> which) {
    return sample(outcomes.stream().flatMap(it -> which.apply(it).value(name).stream()).toList());
  }

  Optional<Sample> bestEpoch() {
    return sample(outcomes.stream().map(it -> (double) it.bestEpoch()).toList());
  }

  /** The differences to another point's best scores, seed by seed; empty if none is in both. */
  Optional<Sample> minus(Point other, String score) {
    Map<Long, Double> theirs = bySeed(other, score);
    List<Double> differences = new ArrayList<>();
    bySeed(this, score)
        .forEach(
            (seed, value) -> {
              if (theirs.containsKey(seed)) {
                differences.add(value - theirs.get(seed));
              }
            });
    return sample(differences);
  }

  private static Map<Long, Double> bySeed(Point point, String score) {
    Map<Long, Double> scores = new TreeMap<>();
    point.outcomes.forEach(
        it -> it.best().value(score).ifPresent(value -> scores.put(it.place().seed(), value)));
    return scores;
  }

  private static Optional<Sample> sample(List<Double> values) {
    return values.isEmpty() ? Optional.empty() : Optional.of(new Sample(values));
  }
}
