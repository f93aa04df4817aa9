package io.dropblock.spark.chart;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Locale;

/**
 * Bars of parts, one below the other: where the time of each rank goes.
 *
 * @param title shown above
 * @param parts names of the parts, in the order of the bars
 * @param bars one or more
 */
public record ShareBars(String title, List<String> parts, List<Bar> bars) {
  private static final int WIDTH = 480;
  private static final int LEFT = 150;
  private static final int RIGHT = 60;
  private static final int TOP = 24;
  private static final int ROW = 18;

  /**
   * A bar.
   *
   * @param name shown before it
   * @param lengths of its parts, 0 or more, in milliseconds
   * @param marked whether it is to be seen at once: the slowest
   */
  public record Bar(String name, List<Double> lengths, boolean marked) {
    double total() {
      return lengths.stream().mapToDouble(it -> it).sum();
    }
  }

  /** SVG that scales with the page. */
  public String svg() {
    return SvgCanvas.drawn(title, WIDTH, height(), this::draw);
  }

  /** The same in pixels. */
  public BufferedImage image() {
    return PixelCanvas.drawn(WIDTH, height(), this::draw);
  }

  private int height() {
    return TOP + ROW * (bars.size() + (parts.size() + 2) / 3) + 8;
  }

  private void draw(Canvas canvas) {
    canvas.text(title, 4, 15, Canvas.Align.START);
    double longest = bars.stream().mapToDouble(Bar::total).max().orElse(0);
    for (int row = 0; row < bars.size(); row++) {
      bar(canvas, bars.get(row), TOP + ROW * row, longest);
    }
    for (int i = 0; i < parts.size(); i++) {
      double x = 4 + i % 3 * WIDTH / 3.0;
      double y = TOP + ROW * (bars.size() + i / 3) + 12;
      canvas.box(parts.get(i), x, y - 8, 10, 10, Palette.colour(i));
      canvas.text(parts.get(i), x + 15, y + 1, Canvas.Align.START);
    }
  }

  private void bar(Canvas canvas, Bar bar, double top, double longest) {
    canvas.text((bar.marked() ? "\u25B6 " : "") + bar.name(), LEFT - 6, top + 12, Canvas.Align.END);
    double x = LEFT;
    for (int i = 0; i < bar.lengths().size(); i++) {
      double length = bar.lengths().get(i);
      double width = longest > 0 ? length / longest * (WIDTH - LEFT - RIGHT) : 0;
      String name = String.format(Locale.ROOT, "%s: %.1f ms", parts.get(i), length);
      canvas.box(name, x, top + 2, width, ROW - 5, Palette.colour(i));
      x += width;
    }
    canvas.text(
        String.format(Locale.ROOT, "%.0f ms", bar.total()), x + 5, top + 12, Canvas.Align.START);
  }
}
