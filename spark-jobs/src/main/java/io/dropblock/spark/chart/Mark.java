package io.dropblock.spark.chart;

/**
 * Something that happened at a place along a chart.
 *
 * @param kind what kind of thing
 * @param x finite
 * @param name what is shown where the mouse rests on it
 */
public record Mark(Kind kind, double x, String name) {
  /** What is marked, and how. */
  public enum Kind {
    /** A tick at the axis. */
    CHECKPOINT("checkpoint", 0x555555),
    /** A line from the axis to the top. */
    BEST("best", 0x009E73),
    /** A line from the axis to the top. */
    FAILURE("failure", 0xCC0000),
    /** A line from the axis to the top. */
    RANKS("ranks", 0x0072B2);

    private final String label;
    private final int colour;

    Kind(String label, int colour) {
      this.label = label;
      this.colour = colour;
    }

    String label() {
      return label;
    }

    int colour() {
      return colour;
    }
  }
}
