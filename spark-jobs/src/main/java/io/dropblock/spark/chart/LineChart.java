package io.dropblock.spark.chart;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/**
 * Curves over one axis, with marks, a grid and a legend.
 *
 * @param title shown above
 * @param along what the values lie along, shown below: {@code epoch}
 * @param series the curves
 * @param marks what happened along them
 * @param whole whether the values lie along whole numbers, such as those of epochs
 */
public record LineChart(
    String title, String along, List<Series> series, List<Mark> marks, boolean whole) {
  private static final int WIDTH = 480;
  private static final int HEIGHT = 240;
  private static final int LEFT = 52;
  private static final int RIGHT = 12;
  private static final int TOP = 24;
  private static final int BOTTOM = 34;
  private static final int MOST_POINTS = 800;
  private static final int GRID = 0xDDDDDD;
  private static final int TICK = 6;
  private static final double LINE = 1.5;

  /** Along whole numbers. */
  public LineChart(String title, String along, List<Series> series, List<Mark> marks) {
    this(title, along, series, marks, true);
  }

  /** Without marks. */
  public LineChart(String title, String along, List<Series> series) {
    this(title, along, series, List.of());
  }

  /** The curves in their order, as SVG that scales with the page. */
  public String svg() {
    return SvgCanvas.drawn(title, WIDTH, height(), this::draw);
  }

  /** The same in pixels. */
  public BufferedImage image() {
    return PixelCanvas.drawn(WIDTH, height(), this::draw);
  }

  private int height() {
    int entries = legend().size();
    return HEIGHT + (entries > 1 ? Legend.LINE * ((entries + 1) / 2) : 0);
  }

  /** Names with their pens: the curves, and the kinds of marks that there are. */
  private List<Map.Entry<String, Pen>> legend() {
    List<Map.Entry<String, Pen>> entries = new ArrayList<>();
    for (int i = 0; i < series.size(); i++) {
      entries.add(Map.entry(series.get(i).name(), Pen.of(i)));
    }
    marks.stream()
        .map(Mark::kind)
        .distinct()
        .sorted()
        .forEach(kind -> entries.add(Map.entry(kind.label(), Pen.whole(kind.colour()))));
    return entries;
  }

  private void draw(Canvas canvas) {
    canvas.text(title, LEFT, 15, Canvas.Align.START);
    double least =
        series.stream().mapToDouble(Series::least).filter(Double::isFinite).min().orElse(0);
    double most =
        series.stream().mapToDouble(Series::greatest).filter(Double::isFinite).max().orElse(1);
    double first = places().min().orElse(0);
    double last = places().max().orElse(1);
    Axis up = Axis.over(least, most, 5, false);
    Axis across = Axis.over(first, last, 8, whole);
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
      curve(canvas, series.get(i).thinned(MOST_POINTS), across, up, Pen.of(i));
    }
    marks.forEach(mark -> mark(canvas, mark, x(across, mark.x())));
    List<Map.Entry<String, Pen>> entries = legend();
    for (int i = 0; i < entries.size() && entries.size() > 1; i++) {
      legend(canvas, i, entries.get(i));
    }
  }

  /** Where curves begin and end, and all marks. */
  private DoubleStream places() {
    return DoubleStream.concat(
        marks.stream().mapToDouble(Mark::x),
        series.stream()
            .map(Series::x)
            .filter(x -> x.length > 0)
            .flatMapToDouble(x -> DoubleStream.of(x[0], x[x.length - 1])));
  }

  private static void mark(Canvas canvas, Mark mark, double x) {
    double bottom = HEIGHT - BOTTOM;
    boolean tick = mark.kind() == Mark.Kind.CHECKPOINT;
    double height = tick ? TICK : bottom - TOP;
    canvas.box(mark.name(), x - LINE / 2, bottom - height, LINE, height, mark.kind().colour());
  }

  private static void curve(Canvas canvas, Series series, Axis across, Axis up, Pen pen) {
    double[] x = new double[series.x().length];
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = x(across, series.x()[i]);
      y[i] = Double.isFinite(series.y()[i]) ? y(up, series.y()[i]) : Double.NaN;
    }
    canvas.curve(series.name(), x, y, pen);
  }

  private static void legend(Canvas canvas, int i, Map.Entry<String, Pen> entry) {
    double x = LEFT + i % 2 * (WIDTH - LEFT - RIGHT) / 2.0;
    double y = HEIGHT + Legend.LINE * (i / 2) + 8;
    Legend.entry(canvas, entry.getKey(), entry.getValue(), x, y);
  }

  private static double x(Axis across, double value) {
    return LEFT + across.share(value) * (WIDTH - LEFT - RIGHT);
  }

  private static double y(Axis up, double value) {
    return HEIGHT - BOTTOM - up.share(value) * (HEIGHT - BOTTOM - TOP);
  }
}
