package io.dropblock.spark.chart;

/** What a chart's curves are called, below it. */
final class Legend {
  /** The height of a line of it. */
  static final int LINE = 16;

  private static final double SAMPLE = 10;

  private Legend() {}

  /**
   * One entry: a patch of the curve's pen and its name.
   *
   * @param x its left end
   * @param y the middle of its line
   */
  static void entry(Canvas canvas, String name, Pen pen, double x, double y) {
    double top = y - 8;
    if (pen.isWhole()) {
      canvas.box(name, x, top, SAMPLE, SAMPLE, pen.colour());
    } else {
      int drawn = pen.dash().get(0);
      int step = drawn + pen.dash().get(1);
      for (double from = 0; from < SAMPLE; from += step) {
        canvas.box(name, x + from, top, Math.min(drawn, SAMPLE - from), SAMPLE, pen.colour());
      }
    }
    canvas.text(name, x + SAMPLE + 5, y + 1, Canvas.Align.START);
  }
}
