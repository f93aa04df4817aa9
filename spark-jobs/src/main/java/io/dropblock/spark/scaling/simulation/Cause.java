package io.dropblock.spark.scaling.simulation;

/** What a run loses time by. */
public enum Cause {
  /** Steps that were done and are done again, and the one that was cut off. */
  RECOMPUTED("done again"),
  /** Noticing a failure, and beginning again with other ranks. */
  RESTART("restarts"),
  /** Steps that wait for the slowest rank. */
  SLOW_RANKS("slow ranks"),
  /** Steps that wait for a checkpoint. */
  CHECKPOINTS("checkpoints"),
  /** Steps that take longer as there are fewer ranks, and waiting until there are enough. */
  FEWER_RANKS("fewer ranks");

  private final String title;

  Cause(String title) {
    this.title = title;
  }

  /** As people read it. */
  public String title() {
    return title;
  }
}
