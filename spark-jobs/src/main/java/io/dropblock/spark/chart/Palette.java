package io.dropblock.spark.chart;

/**
 * Colours that people who see fewer can tell apart: Okabe and Ito, "Color Universal Design", 2008,
 * without yellow, which is too light on white.
 */
final class Palette {
  private static final int[] COLOURS = {
    0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0xE69F00, 0x56B4E9, 0x000000
  };

  static final int COUNT = COLOURS.length;

  private Palette() {}

  /** The colour of the i-th curve or part, from 0; they begin anew behind the last. */
  static int colour(int i) {
    return COLOURS[i % COLOURS.length];
  }
}
