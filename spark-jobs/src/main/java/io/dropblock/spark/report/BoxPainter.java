package io.dropblock.spark.report;

import io.dropblock.spark.data.annotation.ClassColours;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.Point;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/**
 * Draws boxes over a picture, each in the colour of its class, and a text at each: where there is
 * room over none before it, and always within the picture.
 */
final class BoxPainter {
  private static final Font FONT = new Font(Font.SANS_SERIF, Font.BOLD, 12);
  private static final Color SHADE = new Color(0, 0, 0, 150);
  private static final int WIDE = 2;
  private static final int MARGIN = 3;

  private final BufferedImage picture;
  private final double scaleX;
  private final double scaleY;
  private final List<Box> boxes = new ArrayList<>();

  /**
   * A box on the picture.
   *
   * @param frame pixels that it covers
   */
  private record Box(Rectangle frame, Color colour, String text) {}

  /**
   * @param picture to draw on
   * @param scaleX its pixels for one of the boxes, left to right
   * @param scaleY the same from the top down
   */
  BoxPainter(BufferedImage picture, double scaleX, double scaleY) {
    this.picture = picture;
    this.scaleX = scaleX;
    this.scaleY = scaleY;
  }

  /**
   * One more.
   *
   * @param numbers {@code y0, x0, y1, x1} of several boxes
   * @param index which one
   * @param label of its class
   * @param text to write at it
   */
  void add(float[] numbers, int index, int label, String text) {
    int top = inside(Math.floor(numbers[4 * index] * scaleY), picture.getHeight());
    int left = inside(Math.floor(numbers[4 * index + 1] * scaleX), picture.getWidth());
    int bottom = inside(Math.ceil(numbers[4 * index + 2] * scaleY) - 1, picture.getHeight());
    int right = inside(Math.ceil(numbers[4 * index + 3] * scaleX) - 1, picture.getWidth());
    Rectangle frame =
        new Rectangle(left, top, Math.max(0, right - left) + 1, Math.max(0, bottom - top) + 1);
    boxes.add(new Box(frame, ClassColours.of(label), text));
  }

  private static int inside(double place, int length) {
    return (int) Math.max(0, Math.min(length - 1, place));
  }

  /** Draws all that were added, the first ones on top. */
  BufferedImage picture() {
    Graphics2D graphics = picture.createGraphics();
    graphics.setFont(FONT);
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    for (int i = boxes.size() - 1; i >= 0; i--) {
      outline(graphics, boxes.get(i));
    }
    List<Rectangle> taken = new ArrayList<>();
    for (Box box : boxes) {
      write(graphics, box, taken);
    }
    graphics.dispose();
    return picture;
  }

  /** Dark around the colour, so that it is seen on a ground of the same colour. */
  private static void outline(Graphics2D graphics, Box box) {
    Rectangle frame = box.frame();
    graphics.setColor(SHADE);
    ring(graphics, frame, -1);
    ring(graphics, frame, WIDE);
    graphics.setColor(box.colour());
    for (int in = 0; in < WIDE; in++) {
      ring(graphics, frame, in);
    }
  }

  /** One pixel wide, so many pixels within the frame; nothing where the frame is too small. */
  private static void ring(Graphics2D graphics, Rectangle frame, int in) {
    int width = frame.width - 2 * in;
    int height = frame.height - 2 * in;
    if (width > 0 && height > 0) {
      graphics.drawRect(frame.x + in, frame.y + in, width - 1, height - 1);
    }
  }

  private void write(Graphics2D graphics, Box box, List<Rectangle> taken) {
    FontMetrics metrics = graphics.getFontMetrics();
    String text = PictureGrid.shortened(box.text(), metrics, picture.getWidth() - 2 * MARGIN);
    Rectangle plate =
        free(
            box.frame(),
            metrics.stringWidth(text) + 2 * MARGIN,
            metrics.getAscent() + metrics.getDescent(),
            taken);
    taken.add(plate);
    graphics.setColor(box.colour());
    graphics.fillRect(plate.x, plate.y, plate.width, plate.height);
    graphics.setColor(isBright(box.colour()) ? Color.BLACK : Color.WHITE);
    graphics.drawString(text, plate.x + MARGIN, plate.y + metrics.getAscent());
  }

  /** The first place that is free and within the picture, or else the top of the box. */
  private Rectangle free(Rectangle box, int width, int height, List<Rectangle> taken) {
    int left = Math.max(0, Math.min(box.x, picture.getWidth() - width));
    for (Point at : places(box, left, width, height)) {
      Rectangle plate = new Rectangle(at.x, at.y, width, height);
      boolean within =
          at.x >= 0
              && at.y >= 0
              && at.x + width <= picture.getWidth()
              && at.y + height <= picture.getHeight();
      if (within && taken.stream().noneMatch(plate::intersects)) {
        return plate;
      }
    }
    int top = Math.max(0, Math.min(box.y, picture.getHeight() - height));
    return new Rectangle(left, top, width, height);
  }

  /** Above, in a box that is high enough, below, beside. */
  private static List<Point> places(Rectangle box, int left, int width, int height) {
    int bottom = box.y + box.height;
    List<Point> places = new ArrayList<>(List.of(new Point(left, box.y - height)));
    if (box.height >= 3 * height) {
      places.add(new Point(left, box.y));
      places.add(new Point(left, bottom - height));
    }
    places.add(new Point(left, bottom));
    places.add(new Point(box.x + box.width, box.y));
    places.add(new Point(box.x - width, box.y));
    return places;
  }

  private static boolean isBright(Color colour) {
    return .299 * colour.getRed() + .587 * colour.getGreen() + .114 * colour.getBlue() > 110;
  }
}
