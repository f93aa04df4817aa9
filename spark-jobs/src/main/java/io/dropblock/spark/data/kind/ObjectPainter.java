package io.dropblock.spark.data.kind;

import io.dropblock.spark.data.annotation.Box;
import io.dropblock.spark.data.annotation.ClassColours;
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
 * @param picture to draw on
 * @param scaleX width of the picture by that of the objects' image
 * @param scaleY height of the picture by that of the objects' image
 * @param classes names of all classes
 */
record ObjectPainter(BufferedImage picture, double scaleX, double scaleY, List<String> classes) {
  private static final Font NAME = new Font(Font.SANS_SERIF, Font.PLAIN, 10);
  private static final float TINT = 0.4f;
  private static final float EDGE = 0.9f;

  /** Draws. */
  void paint(ObjectSet set) {
    // Small ones are drawn over large ones.
    List<ImageObject> objects =
        set.objects().stream()
            .sorted(Comparator.comparingDouble(ImageObject::area).reversed())
            .toList();
    for (ImageObject object : objects) {
      if (object.shape() != null) {
        tint(object);
      }
    }
    Graphics2D graphics = picture.createGraphics();
    objects.forEach(object -> outline(graphics, object));
    objects.forEach(object -> name(graphics, object));
    graphics.dispose();
  }

  private void tint(ImageObject object) {
    Mask mask = Mask.of(object.shape(), picture.getWidth(), picture.getHeight(), scaleX, scaleY);
    Color colour = ClassColours.of(object.label());
    for (int y = 0; y < picture.getHeight(); y++) {
      for (int x = 0; x < picture.getWidth(); x++) {
        if (mask.contains(x, y)) {
          Color below = new Color(picture.getRGB(x, y));
          float share = mask.isEdge(x, y) ? EDGE : TINT;
          picture.setRGB(x, y, mix(below, colour, share).getRGB());
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

  private void outline(Graphics2D graphics, ImageObject object) {
    graphics.setColor(ClassColours.of(object.label()));
    graphics.setStroke(
        object.crowd()
            ? new BasicStroke(
                1, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 1, new float[] {3}, 0)
            : new BasicStroke(1));
    Rectangle2D box = scaled(object.box());
    graphics.drawRect(
        (int) box.getX(), (int) box.getY(), (int) box.getWidth(), (int) box.getHeight());
  }

  private void name(Graphics2D graphics, ImageObject object) {
    graphics.setFont(NAME);
    FontMetrics metrics = graphics.getFontMetrics();
    String name = classes.get(object.label());
    Rectangle2D box = scaled(object.box());
    int width = metrics.stringWidth(name) + 2;
    int height = metrics.getAscent() + 1;
    if (box.getWidth() < width || box.getHeight() < 2 * height) {
      return;
    }
    int x = (int) box.getX();
    int y = (int) box.getY();
    graphics.setColor(ClassColours.of(object.label()));
    graphics.fillRect(x, y, width, height);
    graphics.setColor(Color.BLACK);
    graphics.drawString(name, x + 1, y + height - 1);
  }

  /** From the first to the last column and row that the box covers. */
  private Rectangle2D scaled(Box box) {
    int x0 = (int) (box.x() * scaleX);
    int y0 = (int) (box.y() * scaleY);
    int x1 = (int) Math.ceil(box.right() * scaleX) - 1;
    int y1 = (int) Math.ceil(box.bottom() * scaleY) - 1;
    x1 = Math.min(x1, picture.getWidth() - 1);
    y1 = Math.min(y1, picture.getHeight() - 1);
    return new Rectangle2D.Double(x0, y0, Math.max(0, x1 - x0), Math.max(0, y1 - y0));
  }
}
