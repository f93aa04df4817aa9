package io.dropblock.spark.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.function.Consumer;

/** A canvas of pixels, two for each of the chart's, on white. */
final class PixelCanvas implements Canvas {
  private static final int SCALE = 2;

  private final BufferedImage image;
  private final Graphics2D graphics;

  private PixelCanvas(int width, int height) {
    image = new BufferedImage(width * SCALE, height * SCALE, BufferedImage.TYPE_INT_RGB);
    graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
    graphics.scale(SCALE, SCALE);
    graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 11));
  }

  @Override
  public void line(double fromX, double fromY, double toX, double toY, int colour) {
    graphics.setColor(new Color(colour));
    graphics.setStroke(new BasicStroke(1));
    graphics.draw(new Line2D.Double(fromX, fromY, toX, toY));
  }

  @Override
  public void curve(String name, double[] x, double[] y, Pen pen) {
    graphics.setColor(new Color(pen.colour()));
    graphics.setStroke(stroke(pen));
    Path2D path = new Path2D.Double();
    boolean drawing = false;
    for (int i = 0; i < y.length; i++) {
      boolean there = !Double.isNaN(y[i]);
      boolean more = i + 1 < y.length && !Double.isNaN(y[i + 1]);
      if (there && drawing) {
        path.lineTo(x[i], y[i]);
      } else if (there && more) {
        path.moveTo(x[i], y[i]);
      } else if (there) {
        graphics.fill(new Ellipse2D.Double(x[i] - 2, y[i] - 2, 4, 4));
      }
      drawing = there;
    }
    graphics.draw(path);
  }

  private static BasicStroke stroke(Pen pen) {
    float width = 1.5f;
    if (pen.isWhole()) {
      return new BasicStroke(width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
    }
    float[] dash = {pen.dash().get(0), pen.dash().get(1)};
    return new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, dash, 0);
  }

  @Override
  public void box(String name, double x, double y, double width, double height, int colour) {
    graphics.setColor(new Color(colour));
    graphics.fill(new Rectangle2D.Double(x, y, width, height));
  }

  @Override
  public void text(String text, double x, double y, Align align) {
    graphics.setColor(Color.BLACK);
    double width = graphics.getFontMetrics().getStringBounds(text, graphics).getWidth();
    double left =
        switch (align) {
          case START -> x;
          case MIDDLE -> x - width / 2;
          case END -> x - width;
        };
    graphics.drawString(text, (float) left, (float) y);
  }

  /** The image of what is drawn. */
  static BufferedImage drawn(int width, int height, Consumer<Canvas> drawing) {
    PixelCanvas canvas = new PixelCanvas(width, height);
    drawing.accept(canvas);
    canvas.graphics.dispose();
    return canvas.image;
  }
}
