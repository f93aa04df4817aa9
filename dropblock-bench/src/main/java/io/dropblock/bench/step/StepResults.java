package io.dropblock.bench.step;

import io.dropblock.bench.figure.Machine;
import io.dropblock.bench.step.workload.StepKind;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The figures of one run, and the ratios between them.
 *
 * @param plan what was measured
 * @param machine on what
 * @param figures a row and kind each
 */
public record StepResults(StepPlan plan, Machine machine, List<StepFigure> figures) {
  /** What ranks that share the threads reach at least together, of what one with all reaches. */
  static final double RANKS_TARGET = 0.9;

  /** Copies the list. */
  public StepResults {
    figures = List.copyOf(figures);
  }

  List<StepFigure> figures(StepKind kind) {
    return figures.stream().filter(figure -> figure.kind() == kind).toList();
  }

  /** How many times as fast as stock DL4J, if that was measured. */
  OptionalDouble timesStock(StepKind kind) {
    return ratio(StepCase.OURS, StepCase.STOCK, kind);
  }

  /** What the ranks reach together, of what one process with all threads reaches, if there are. */
  OptionalDouble ranksOverOne(StepKind kind) {
    return ratio(StepCase.RANKS, StepCase.OURS, kind);
  }

  private OptionalDouble ratio(StepCase above, StepCase below, StepKind kind) {
    OptionalDouble dividend = rate(above, kind);
    OptionalDouble divisor = rate(below, kind);
    return dividend.isPresent() && divisor.isPresent()
        ? OptionalDouble.of(dividend.getAsDouble() / divisor.getAsDouble())
        : OptionalDouble.empty();
  }

  private OptionalDouble rate(StepCase what, StepKind kind) {
    return figures(kind).stream()
        .filter(figure -> figure.setup().what() == what)
        .mapToDouble(StepFigure::imagesPerSecond)
        .findFirst();
  }
}
