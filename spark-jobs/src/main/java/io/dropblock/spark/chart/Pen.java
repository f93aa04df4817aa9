package io.dropblock.spark.chart;

import java.util.List;

/**
 * How a curve is drawn.
 *
 * @param colour {@code 0xRRGGBB}
 * @param dash the lengths of what is drawn and of what is left out, in turn, in pixels; none for a
 *     whole line
 */
record Pen(int colour, List<Integer> dash) {
  private static final List<List<Integer>> DASHES =
      List.of(List.of(), List.of(7, 3), List.of(2, 3));

  /**
   * That of the i-th curve, from 0: the colours of {@link Palette}, once all are used dashed, and
   * then dotted. They begin anew behind the 21st.
   */
  static Pen of(int i) {
    return new Pen(Palette.colour(i), DASHES.get(i / Palette.COUNT % DASHES.size()));
  }

  /** A whole line. */
  static Pen whole(int colour) {
    return new Pen(colour, List.of());
  }

  boolean isWhole() {
    return dash.isEmpty();
  }
}
