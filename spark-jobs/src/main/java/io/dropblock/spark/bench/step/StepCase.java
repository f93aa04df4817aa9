package io.dropblock.spark.bench.step;

/** Who is measured. */
public enum StepCase {
  /** One process with all threads, as a rank has it. */
  OURS,
  /** The same network and threads with DL4J's oneDNN helpers off, as DL4J is out of the box. */
  STOCK,
  /** Several processes at once that share the threads of {@link #OURS}. */
  RANKS
}
