package io.dropblock.spark.report.evaluated;

import io.dropblock.metric.Confused;
import io.dropblock.metric.Scores.Score;
import io.dropblock.spark.evaluate.Evaluation;
import io.dropblock.spark.evaluate.example.ClassPairs;
import io.dropblock.spark.evaluate.example.Example;
import io.dropblock.spark.report.ExampleSheet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An evaluation behind some epochs.
 *
 * @param epochs that were done, 1 or more
 * @param what was measured, for people
 * @param classes their names by number
 * @param result of the evaluation
 */
record EvaluatedEpoch(int epochs, String what, List<String> classes, Evaluation.Result result) {

  /** Which class was taken for which; empty where a task has no such thing. */
  Optional<ClassPairs> pairs() {
    if (result.metric() instanceof Confused confused) {
      return Optional.of(ClassPairs.of(confused.confusion()));
    }
    return Optional.of(result.examples().pairs()).filter(pairs -> !pairs.isEmpty());
  }

  /** What the pairs are counted in. */
  String unit() {
    return result.examples().pairs().isEmpty() ? "pixels" : "images";
  }

  /** Scores of single classes: those that the metric has, or else how many of each were right. */
  List<Score> byClass() {
    Set<String> names = new HashSet<>(classes);
    List<Score> ofMetric =
        result.scores().details().stream()
            .filter(it -> names.contains(it.name().substring(it.name().indexOf(' ') + 1)))
            .toList();
    ClassPairs images = result.examples().pairs();
    return ofMetric.isEmpty() && !images.isEmpty() ? images.accuracies(classes) : ofMetric;
  }

  ExampleSheet.Section worst() {
    return new ExampleSheet.Section(
        "Largest loss after epoch " + epochs, result.examples().worst());
  }

  ExampleSheet.Section right() {
    return new ExampleSheet.Section(
        "Right, smallest loss after epoch " + epochs, result.examples().right());
  }

  /** A sheet in words. */
  static String alt(ExampleSheet.Section section) {
    return section.title()
        + ": "
        + Stream.concat(
                section.examples().stream().map(EvaluatedEpoch::words),
                section.examples().isEmpty() ? Stream.of("no image") : Stream.empty())
            .collect(Collectors.joining("; "));
  }

  private static String words(Example example) {
    return example.name() + " " + String.join(", ", example.exhibit().caption());
  }
}
