package io.dropblock.bench.separable;

import io.dropblock.bench.figure.Machine;
import java.util.List;

/**
 * The figures of one run.
 *
 * @param figures one for each case, in their order
 */
public record SeparableResults(SeparablePlan plan, Machine machine, List<SeparableFigure> figures) {
  /** Copies the list. */
  public SeparableResults {
    figures = List.copyOf(figures);
  }
}
