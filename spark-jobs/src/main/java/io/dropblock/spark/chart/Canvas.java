package io.dropblock.spark.chart;

/**
 * What a chart is drawn on. Lengths are pixels, from the upper left corner; colours are {@code
 * 0xRRGGBB}.
 */
interface Canvas {
  /** Where a text is put: its left end, its middle or its right end is there. */
  enum Align {
    START,
    MIDDLE,
    END
  }

  /** A straight line, one pixel wide. */
  void line(double fromX, double fromY, double toX, double toY, int colour);

  /**
   * A line through points; {@code NaN} interrupts it. A point without neighbours is a dot.
   *
   * @param name what is shown where the mouse rests on it
   */
  void curve(String name, double[] x, double[] y, Pen pen);

  /**
   * A filled rectangle.
   *
   * @param name what is shown where the mouse rests on it
   */
  void box(String name, double x, double y, double width, double height, int colour);

  /** A text on its base line, 11 pixels high. */
  void text(String text, double x, double y, Align align);
}
