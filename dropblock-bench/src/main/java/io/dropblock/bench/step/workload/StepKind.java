package io.dropblock.bench.step.workload;

/** What a network does while it is measured. */
public enum StepKind {
  /** Forward, backward and the update of the parameters, as {@code ComputationGraph.fit}. */
  TRAINING,
  /** Forward alone, with moving averages and nothing dropped, as {@code outputSingle}. */
  INFERENCE;

  /** The word for it in a table. */
  public String label() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
