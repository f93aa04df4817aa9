package io.dropblock.bench.step;

import io.dropblock.bench.step.workload.StepKind;
import io.dropblock.nn.phase.Phase;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * One measured row and kind. Repetition k of all ranks counts as one: they began together and their
 * repetitions take the same time, but for a part of a step.
 *
 * @param setup the row
 * @param kind training or inference
 * @param batch images of a step on each rank
 * @param ranks a report each
 */
record StepFigure(StepSetup setup, StepKind kind, int batch, List<RankReport> ranks) {

  /** Copies the list. */
  StepFigure {
    ranks = List.copyOf(ranks);
  }

  /** Number of repetitions. */
  int repetitions() {
    return ranks.get(0).repetitions().size();
  }

  /** Steps of a rank that counted, a mean of the ranks. */
  double steps() {
    return mean(rank -> rank.repetitions().stream().mapToInt(Repetition::steps).sum());
  }

  /** Images of all ranks in a second: the median of the repetitions. */
  double imagesPerSecond() {
    return rate(sorted().get(repetitions() / 2));
  }

  /** The least images per second of a repetition. */
  double least() {
    return rate(sorted().get(0));
  }

  /** The most images per second of a repetition. */
  double most() {
    return rate(sorted().get(repetitions() - 1));
  }

  /** Milliseconds a step of the repetition that is the median, a mean of the ranks. */
  double milliseconds(Phase phase) {
    int median = sorted().get(repetitions() / 2);
    return mean(rank -> rank.repetitions().get(median).phases().getOrDefault(phase, 0.0));
  }

  /** Milliseconds of a whole step of that repetition, a mean of the ranks. */
  double milliseconds() {
    int median = sorted().get(repetitions() / 2);
    return mean(
        rank -> {
          Repetition repetition = rank.repetitions().get(median);
          return 1000 * repetition.seconds() / repetition.steps();
        });
  }

  /** Of a process, the most of the ranks, MiB. */
  double peak() {
    return ranks.stream().mapToDouble(RankReport::peak).max().orElseThrow();
  }

  /** Of a process, the most of the ranks, MiB. */
  double growth() {
    return ranks.stream().mapToDouble(RankReport::growth).max().orElseThrow();
  }

  /** The loss of the first step, a mean of the ranks; not a number for inference. */
  double firstLoss() {
    return mean(RankReport::firstLoss);
  }

  /** The loss of the last step, a mean of the ranks; not a number for inference. */
  double lastLoss() {
    return mean(RankReport::lastLoss);
  }

  /** The repetitions, the slowest first. */
  private List<Integer> sorted() {
    return IntStream.range(0, repetitions())
        .boxed()
        .sorted(Comparator.comparingDouble(this::rate))
        .toList();
  }

  private double rate(int repetition) {
    return ranks.stream()
        .map(rank -> rank.repetitions().get(repetition))
        .mapToDouble(counted -> batch * counted.steps() / counted.seconds())
        .sum();
  }

  private double mean(ToDoubleFunction<RankReport> value) {
    return ranks.stream().mapToDouble(value).average().orElseThrow();
  }
}
