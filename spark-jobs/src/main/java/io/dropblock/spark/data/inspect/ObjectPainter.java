package io.dropblock.spark.data.inspect;

import io.dropblock.spark.data.annotation.Box;
import io.dropblock.spark.data.annotation.ImageObject;
import io.dropblock.spark.data.annotation.Mask;
import io.dropblock.spark.data.annotation.ObjectSet;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.Comparator;
import java.util.List;

/**
 * Draws objects over a picture, each in the colour of its class: its pixels tinted, the box around
 * it, and its name in the box where there is room. Crowds have broken lines.
 *
 * @param classes names of all classes
 */
record ObjectPainter(List<String> classes) {
  private static final Font NAME = new Font(Font.SANS_SERIF, Font.PLAIN, 10);
  private static final float TINT = 0.4f;
  private static final float EDGE = 0.9f;
  // Far apart for labels that follow each other.
  private static final float HUE_STEP = 0.618034f;

  /** The colour of a class. */
  static Color colour(int label) {
    return Color.getHSBColor(label * HUE_STEP % 1, 0.85f, label % 2 == 0 ? 1f : 0.8f);
  }

  /**
   * Draws.
   *
   * @param picture with the thumbnail
   * @param thumbnail whose objects are drawn
   * @param left column of its first pixel
   * @param top row of its first pixel
   */
  void paint(BufferedImage picture, Thumbnail thumbnail, ObjectSet set, int left, int top) {
    // Small ones are drawn over large ones.
    List<ImageObject> objects =
        set.objects().stream()
            .sorted(Comparator.comparingDouble(ImageObject::area).reversed())
            .toList();
    for (ImageObject object : objects) {
      if (object.shape() != null) {
        tint(picture, thumbnail, object, left, top);
      }
    }
    Graphics2D graphics = picture.createGraphics();
    graphics.clipRect(left, top, thumbnail.width(), thumbnail.height());
    graphics.translate(left, top);
    objects.forEach(object -> outline(graphics, thumbnail, object));
    objects.forEach(object -> name(graphics, thumbnail, object));
    graphics.dispose();
  }

  private static void tint(
      BufferedImage picture, Thumbnail thumbnail, ImageObject object, int left, int top) {
    Mask mask =
        Mask.of(
            object.shape(),
            thumbnail.width(),
            thumbnail.height(),
            thumbnail.scaleX(),
            thumbnail.scaleY());
    Color colour = colour(object.label());
    for (int y = 0; y < thumbnail.height(); y++) {
      for (int x = 0; x < thumbnail.width(); x++) {
        if (mask.contains(x, y)) {
          Color below = new Color(picture.getRGB(left + x, top + y));
          float share = mask.isEdge(x, y) ? EDGE : TINT;
          picture.setRGB(left + x, top + y, mix(below, colour, share).getRGB());
        }
      }
    }
  }

  private static Color mix(Color below, Color above, float share) {
    return new Color(
        Math.round(below.getRed() + share * (above.getRed() - below.getRed())),
        Math.round(below.getGreen() + share * (above.getGreen() - below.getGreen())),
        Math.round(below.getBlue() + share * (above.getBlue() - below.getBlue())));
  }

  private static void outline(Graphics2D graphics, Thumbnail thumbnail, ImageObject object) {
    graphics.setColor(colour(object.label()));
    graphics.setStroke(
        object.crowd()
            ? new BasicStroke(
                1, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 1, new float[] {3}, 0)
            : new BasicStroke(1));
    Rectangle2D box = scaled(thumbnail, object.box());
    graphics.drawRect(
        (int) box.getX(), (int) box.getY(), (int) box.getWidth(), (int) box.getHeight());
  }

  private void name(Graphics2D graphics, Thumbnail thumbnail, ImageObject object) {
    graphics.setFont(NAME);
    FontMetrics metrics = graphics.getFontMetrics();
    String name = classes.get(object.label());
    Rectangle2D box = scaled(thumbnail, object.box());
    int width = metrics.stringWidth(name) + 2;
    int height = metrics.getAscent() + 1;
    if (box.getWidth() < width || box.getHeight() < 2 * height) {
      return;
    }
    int x = (int) box.getX();
    int y = (int) box.getY();
    graphics.setColor(colour(object.label()));
    graphics.fillRect(x, y, width, height);
    graphics.setColor(Color.BLACK);
    graphics.drawString(name, x + 1, y + height - 1);
  }

  /** From the first to the last column and row that the box covers. */
  private static Rectangle2D scaled(Thumbnail thumbnail, Box box) {
    int x0 = (int) (box.x() * thumbnail.scaleX());
    int y0 = (int) (box.y() * thumbnail.scaleY());
    int x1 = (int) Math.ceil(box.right() * thumbnail.scaleX()) - 1;
    int y1 = (int) Math.ceil(box.bottom() * thumbnail.scaleY()) - 1;
    x1 = Math.min(x1, thumbnail.width() - 1);
    y1 = Math.min(y1, thumbnail.height() - 1);
    return new Rectangle2D.Double(x0, y0, Math.max(0, x1 - x0), Math.max(0, y1 - y0));
  }
}
