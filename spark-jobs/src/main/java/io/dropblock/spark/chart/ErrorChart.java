package io.dropblock.spark.chart;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Curves over a scale of numbers, each point a dot with a bar of its deviation to both sides. A
 * value that holds everywhere is a line from edge to edge.
 *
 * @param title shown above
 * @param along what the values lie along, shown below
 * @param estimates the curves
 */
public record ErrorChart(String title, String along, List<Estimates> estimates) implements Chart {
  private static final int WIDTH = 480;
  private static final int HEIGHT = 280;
  private static final int LEFT = 52;
  private static final int RIGHT = 12;
  private static final int TOP = 24;
  private static final int BOTTOM = 34;
  private static final int GRID = 0xDDDDDD;
  private static final int SHORT = 30;
  private static final double DOT = 5;
  private static final double CAP = 3;

  @Override
  public String svg() {
    return SvgCanvas.drawn(title, WIDTH, height(), this::draw);
  }

  @Override
  public BufferedImage image() {
    return PixelCanvas.drawn(WIDTH, height(), this::draw);
  }

  /** Long names have a line of the legend each. */
  private int columns() {
    return estimates.stream().allMatch(it -> it.name().length() <= SHORT) ? 2 : 1;
  }

  private int height() {
    int columns = columns();
    return HEIGHT + Legend.LINE * ((estimates.size() + columns - 1) / columns) + 4;
  }

  private void draw(Canvas canvas) {
    canvas.text(title, LEFT, 15, Canvas.Align.START);
    Axis up = over(estimates.stream().flatMapToDouble(Estimates::ends), 5);
    Axis across = over(estimates.stream().flatMapToDouble(it -> DoubleStream.of(it.x())), 8);
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
    for (int i = 0; i < estimates.size(); i++) {
      curve(canvas, estimates.get(i), across, up, Pen.of(i));
      legend(canvas, i);
    }
  }

  private static Axis over(DoubleStream values, int marks) {
    double[] sorted = values.sorted().toArray();
    return sorted.length == 0
        ? Axis.over(0, 1, marks, false)
        : Axis.over(sorted[0], sorted[sorted.length - 1], marks, false);
  }

  private static void curve(Canvas canvas, Estimates all, Axis across, Axis up, Pen pen) {
    if (all.x().length == 0) {
      double y = y(up, all.y()[0]);
      canvas.curve(all.name(), new double[] {LEFT, WIDTH - RIGHT}, new double[] {y, y}, pen);
      return;
    }
    double[] x = new double[all.x().length];
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = x(across, all.x()[i]);
      y[i] = y(up, all.y()[i]);
      double[] ends = all.ends(i);
      double low = y(up, ends[0]);
      double high = y(up, ends[1]);
      if (low > high) {
        canvas.line(x[i], low, x[i], high, pen.colour());
        canvas.line(x[i] - CAP, low, x[i] + CAP, low, pen.colour());
        canvas.line(x[i] - CAP, high, x[i] + CAP, high, pen.colour());
      }
      canvas.box(all.name(), x[i] - DOT / 2, y[i] - DOT / 2, DOT, DOT, pen.colour());
    }
    canvas.curve(all.name(), x, y, pen);
  }

  private void legend(Canvas canvas, int i) {
    double x = LEFT + i % columns() * (WIDTH - LEFT - RIGHT) / 2.0;
    double y = HEIGHT + Legend.LINE * (i / columns()) + 8;
    Legend.entry(canvas, estimates.get(i).name(), Pen.of(i), x, y);
  }

  private static double x(Axis across, double value) {
    return LEFT + across.share(value) * (WIDTH - LEFT - RIGHT);
  }

  private static double y(Axis up, double value) {
    return HEIGHT - BOTTOM - up.share(value) * (HEIGHT - BOTTOM - TOP);
  }
}
