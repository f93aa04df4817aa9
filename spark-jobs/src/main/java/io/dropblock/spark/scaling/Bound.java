package io.dropblock.spark.scaling;

/** What most of a step's time goes for. */
public enum Bound {
  /** The network's own work. */
  COMPUTE("compute"),
  /** Waiting for the slowest rank. */
  SLOW_RANKS("slow ranks"),
  /** The wire. */
  NETWORK("network"),
  /** The one thread of a rank that sends, receives and sums. */
  THREAD("ring thread"),
  /** The way from rank to rank, however few bytes go. */
  LATENCY("latency");

  private final String title;

  Bound(String title) {
    this.title = title;
  }

  /** As people read it. */
  public String title() {
    return title;
  }
}
