package io.dropblock.spark.chart;

import java.util.Locale;
import java.util.function.Consumer;

/** A canvas of SVG text, which scales with the page, follows its font and needs no fonts here. */
final class SvgCanvas implements Canvas {
  private final StringBuilder svg = new StringBuilder();

  private SvgCanvas(String title, int width, int height) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\""
                + " font-family=\"sans-serif\" font-size=\"11\"><title>%s</title>%n",
            width,
            height,
            Markup.escaped(title)));
  }

  @Override
  public void line(double fromX, double fromY, double toX, double toY, int colour) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"/>%n",
            fromX,
            fromY,
            toX,
            toY,
            hex(colour)));
  }

  @Override
  public void curve(String name, double[] x, double[] y, Pen pen) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<g class=\"curve\" data-points=\"%d\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\"%s>"
                + "<title>%s</title>%n",
            points(y),
            hex(pen.colour()),
            dash(pen),
            Markup.escaped(name)));
    for (int from = 0; from < y.length; from++) {
      int end = from;
      while (end < y.length && !Double.isNaN(y[end])) {
        end++;
      }
      if (end > from) {
        piece(x, y, from, end, pen.colour());
        from = end;
      }
    }
    svg.append("</g>\n");
  }

  private static String dash(Pen pen) {
    return pen.isWhole()
        ? ""
        : " stroke-dasharray=\"" + pen.dash().get(0) + " " + pen.dash().get(1) + "\"";
  }

  private static int points(double[] y) {
    int points = 0;
    for (double one : y) {
      points += Double.isNaN(one) ? 0 : 1;
    }
    return points;
  }

  private void piece(double[] x, double[] y, int from, int end, int colour) {
    if (end == from + 1) {
      svg.append(
          String.format(
              Locale.ROOT,
              "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"2\" fill=\"%s\"/>%n",
              x[from],
              y[from],
              hex(colour)));
      return;
    }
    svg.append("<polyline points=\"");
    for (int i = from; i < end; i++) {
      svg.append(String.format(Locale.ROOT, i == from ? "%.1f,%.1f" : " %.1f,%.1f", x[i], y[i]));
    }
    svg.append("\"/>\n");
  }

  @Override
  public void box(String name, double x, double y, double width, double height, int colour) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\">"
                + "<title>%s</title></rect>%n",
            x,
            y,
            width,
            height,
            hex(colour),
            Markup.escaped(name)));
  }

  @Override
  public void text(String text, double x, double y, Align align) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n",
            x,
            y,
            align.name().toLowerCase(Locale.ROOT),
            Markup.escaped(text)));
  }

  private static String hex(int colour) {
    return String.format(Locale.ROOT, "#%06x", colour);
  }

  /** The whole element of what is drawn. */
  static String drawn(String title, int width, int height, Consumer<Canvas> drawing) {
    SvgCanvas canvas = new SvgCanvas(title, width, height);
    drawing.accept(canvas);
    return canvas.svg + "</svg>\n";
  }
}
