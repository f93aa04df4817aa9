package io.dropblock.bench.step;

/** Who is measured. */
public enum StepCase {
  /** One process with all threads, as a rank has it. */
  OURS,
  /** The same network of DL4J's own layers, without their oneDNN helpers: DL4J out of the box. */
  STOCK,
  /** Several processes at once that share the threads of {@link #OURS}. */
  RANKS
}
