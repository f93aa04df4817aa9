package io.dropblock.bench.step.workload;

import io.dropblock.nn.phase.Phase;
import java.util.List;
import java.util.Locale;

/** What a network does while it is measured. */
public enum StepKind {
  /** Forward, backward and the update of the parameters, as {@code ComputationGraph.fit}. */
  TRAINING(Phase.DATA, Phase.FORWARD, Phase.BACKWARD, Phase.AVERAGE, Phase.UPDATE),
  /**
   * Forward alone, with moving averages and nothing dropped, as {@code output}, and what evaluation
   * makes of it.
   */
  INFERENCE(Phase.DATA, Phase.FORWARD, Phase.POSTPROCESSING);

  private final List<Phase> phases;

  StepKind(Phase... phases) {
    this.phases = List.of(phases);
  }

  /** The phases of a step, in their order. */
  public List<Phase> phases() {
    return phases;
  }

  /** The word for it in a table. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
