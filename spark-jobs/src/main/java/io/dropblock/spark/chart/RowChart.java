package io.dropblock.spark.chart;

import java.awt.image.BufferedImage;
import java.util.List;

/**
 * Values with their deviations, a row each, one below the other.
 *
 * @param title shown above
 * @param along what the values are, shown below
 * @param rows each has one value
 */
public record RowChart(String title, String along, List<Estimates> rows) implements Chart {
  private static final int LEAST_LEFT = 190;
  private static final int RANGE = 270;
  private static final double LETTER = 6.4;
  private static final int RIGHT = 20;
  private static final int TOP = 24;
  private static final int BOTTOM = 34;
  private static final int ROW = 20;
  private static final int GRID = 0xDDDDDD;
  private static final double DOT = 7;
  private static final double CAP = 4;

  @Override
  public String svg() {
    return SvgCanvas.drawn(title, width(), height(), this::draw);
  }

  @Override
  public BufferedImage image() {
    return PixelCanvas.drawn(width(), height(), this::draw);
  }

  /** Room for the longest name. */
  private int left() {
    int letters = rows.stream().mapToInt(row -> row.name().length()).max().orElse(0);
    return Math.max(LEAST_LEFT, (int) (LETTER * letters) + 12);
  }

  private int width() {
    return left() + RANGE + RIGHT;
  }

  private int height() {
    return TOP + ROW * rows.size() + BOTTOM;
  }

  private void draw(Canvas canvas) {
    canvas.text(title, 4, 15, Canvas.Align.START);
    double[] ends = rows.stream().flatMapToDouble(Estimates::ends).sorted().toArray();
    Axis across =
        ends.length == 0
            ? Axis.over(0, 1, 5, false)
            : Axis.over(ends[0], ends[ends.length - 1], 5, false);
    int bottom = height() - BOTTOM;
    for (double mark : across.marks()) {
      double x = x(across, mark);
      canvas.line(x, TOP, x, bottom, GRID);
      canvas.text(across.label(mark), x, bottom + 14, Canvas.Align.MIDDLE);
    }
    canvas.text(along, left() + RANGE / 2.0, height() - 6, Canvas.Align.MIDDLE);
    for (int i = 0; i < rows.size(); i++) {
      row(canvas, rows.get(i), across, TOP + ROW * (i + .5), Palette.colour(0));
    }
  }

  private void row(Canvas canvas, Estimates row, Axis across, double y, int colour) {
    canvas.text(row.name(), left() - 8, y + 4, Canvas.Align.END);
    double low = x(across, row.ends(0)[0]);
    double high = x(across, row.ends(0)[1]);
    if (high > low) {
      canvas.line(low, y, high, y, colour);
      canvas.line(low, y - CAP, low, y + CAP, colour);
      canvas.line(high, y - CAP, high, y + CAP, colour);
    }
    double x = x(across, row.y()[0]);
    canvas.box(row.name(), x - DOT / 2, y - DOT / 2, DOT, DOT, colour);
  }

  private double x(Axis across, double value) {
    return left() + across.share(value) * RANGE;
  }
}
