package io.dropblock.spark.chart;

import java.awt.image.BufferedImage;
import java.util.List;

/**
 * Curves over one axis, with marks, a grid and a legend.
 *
 * @param title shown above
 * @param along what the values lie along, shown below: {@code epoch}
 * @param series the curves
 */
public record LineChart(String title, String along, List<Series> series) {
  private static final int WIDTH = 480;
  private static final int HEIGHT = 240;
  private static final int LEFT = 52;
  private static final int RIGHT = 12;
  private static final int TOP = 24;
  private static final int BOTTOM = 34;
  private static final int LEGEND = 16;
  private static final int MOST_POINTS = 800;
  private static final int GRID = 0xDDDDDD;

  /** The curves in their order, as SVG that scales with the page. */
  public String svg() {
    return SvgCanvas.drawn(title, WIDTH, height(), this::draw);
  }

  /** The same in pixels. */
  public BufferedImage image() {
    return PixelCanvas.drawn(WIDTH, height(), this::draw);
  }

  private int height() {
    return HEIGHT + (series.size() > 1 ? LEGEND * ((series.size() + 1) / 2) : 0);
  }

  private void draw(Canvas canvas) {
    canvas.text(title, LEFT, 15, Canvas.Align.START);
    double least =
        series.stream().mapToDouble(Series::least).filter(Double::isFinite).min().orElse(0);
    double most =
        series.stream().mapToDouble(Series::greatest).filter(Double::isFinite).max().orElse(1);
    double first =
        series.stream()
            .filter(it -> it.x().length > 0)
            .mapToDouble(it -> it.x()[0])
            .min()
            .orElse(0);
    double last =
        series.stream()
            .filter(it -> it.x().length > 0)
            .mapToDouble(it -> it.x()[it.x().length - 1])
            .max()
            .orElse(1);
    Axis up = Axis.over(least, most, 5, false);
    Axis across = Axis.over(first, last, 8, true);
    for (double mark : up.marks()) {
      double y = y(up, mark);
      canvas.line(LEFT, y, WIDTH - RIGHT, y, GRID);
      canvas.text(up.label(mark), LEFT - 5, y + 4, Canvas.Align.END);
    }
    for (double mark : across.marks()) {
      double x = x(across, mark);
      canvas.line(x, TOP, x, HEIGHT - BOTTOM, GRID);
      canvas.text(across.label(mark), x, HEIGHT - BOTTOM + 14, Canvas.Align.MIDDLE);
    }
    canvas.text(along, (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 6, Canvas.Align.MIDDLE);
    for (int i = 0; i < series.size(); i++) {
      curve(canvas, series.get(i).thinned(MOST_POINTS), across, up, Palette.colour(i));
      if (series.size() > 1) {
        legend(canvas, i);
      }
    }
  }

  private static void curve(Canvas canvas, Series series, Axis across, Axis up, int colour) {
    double[] x = new double[series.x().length];
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = x(across, series.x()[i]);
      y[i] = Double.isFinite(series.y()[i]) ? y(up, series.y()[i]) : Double.NaN;
    }
    canvas.curve(series.name(), x, y, colour);
  }

  private void legend(Canvas canvas, int i) {
    double x = LEFT + i % 2 * (WIDTH - LEFT - RIGHT) / 2.0;
    double y = HEIGHT + LEGEND * (i / 2) + 8;
    canvas.box(series.get(i).name(), x, y - 8, 10, 10, Palette.colour(i));
    canvas.text(series.get(i).name(), x + 15, y + 1, Canvas.Align.START);
  }

  private static double x(Axis across, double value) {
    return LEFT + across.share(value) * (WIDTH - LEFT - RIGHT);
  }

  private static double y(Axis up, double value) {
    return HEIGHT - BOTTOM - up.share(value) * (HEIGHT - BOTTOM - TOP);
  }
}
