package io.dropblock.spark.report;

import java.awt.Color;

/**
 * Colours for the values of a heat map: dark blue for 0, over violet, red and orange to yellow for
 * 1, ever lighter, so that they can be told apart without colour, too. Five colours of matplotlib's
 * {@code plasma}, those of 0, 1/4, 1/2, 3/4 and 1, and lines between them.
 */
final class HeatColours {
  private static final int[] COLOURS = {0x0D0887, 0x7E03A8, 0xCC4778, 0xF89540, 0xF0F921};

  private HeatColours() {}

  /**
   * The colour of a value.
   *
   * @param value 0 to 1; what lies beyond has the colour of the end
   */
  static Color of(double value) {
    double place = Math.max(0, Math.min(1, value)) * (COLOURS.length - 1);
    int from = Math.min((int) place, COLOURS.length - 2);
    double share = place - from;
    int red = between(from, share, 16);
    int green = between(from, share, 8);
    int blue = between(from, share, 0);
    return new Color(red, green, blue);
  }

  private static int between(int from, double share, int shift) {
    int one = COLOURS[from] >> shift & 0xFF;
    int other = COLOURS[from + 1] >> shift & 0xFF;
    return (int) Math.round(one + (other - one) * share);
  }
}
