package io.dropblock.spark.report;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.image.Image;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.function.Supplier;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * Pictures side by side in rows, a head over each column, and colours with their meaning below.
 *
 * @param heads of the columns
 * @param side longest side of each picture, pixels
 */
record PictureGrid(List<String> heads, int side) {
  private static final int GAP = 8;
  private static final int LINE = 20;
  private static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 13);

  /** A colour and what it means. */
  record Entry(Color colour, String name) {}

  /**
   * Draws.
   *
   * @param rows of pictures, one for each column, of any size up to the longest side
   * @param legend in the order in which it is shown
   */
  BufferedImage draw(List<List<BufferedImage>> rows, List<Entry> legend) {
    int height = LINE + GAP;
    for (List<BufferedImage> row : rows) {
      height += height(row) + GAP;
    }
    int lines = (legend.size() + heads.size() - 1) / heads.size();
    BufferedImage picture =
        new BufferedImage(
            left(heads.size()), height + lines * LINE + GAP, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = picture.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, picture.getWidth(), picture.getHeight());
    graphics.setFont(FONT);
    graphics.setColor(Color.BLACK);
    for (int column = 0; column < heads.size(); column++) {
      graphics.drawString(heads.get(column), left(column), LINE);
    }
    int top = LINE + GAP;
    for (List<BufferedImage> row : rows) {
      for (int column = 0; column < row.size(); column++) {
        graphics.drawImage(row.get(column), left(column), top, null);
      }
      top += height(row) + GAP;
    }
    for (int i = 0; i < legend.size(); i++) {
      draw(graphics, legend.get(i), left(i % heads.size()), top + i / heads.size() * LINE);
    }
    graphics.dispose();
    return picture;
  }

  private int left(int column) {
    return GAP + column * (side + GAP);
  }

  private static int height(List<BufferedImage> row) {
    return row.stream().mapToInt(BufferedImage::getHeight).max().orElse(0);
  }

  private void draw(Graphics2D graphics, Entry entry, int left, int top) {
    graphics.setColor(entry.colour());
    graphics.fillRect(left, top + 4, 12, 12);
    graphics.setColor(Color.BLACK);
    graphics.drawRect(left, top + 4, 12, 12);
    String name = shortened(entry.name(), graphics.getFontMetrics(), side - LINE);
    graphics.drawString(name, left + LINE, top + 15);
  }

  /** A text with its end left out where it is wider than so many pixels. */
  static String shortened(String text, FontMetrics metrics, int width) {
    String shown = text;
    while (metrics.stringWidth(shown) > width && shown.length() > 2) {
      shown = shown.substring(0, shown.length() - 2) + "\u2026";
    }
    return shown;
  }

  /**
   * The same with the longest side of this grid's pictures.
   *
   * @param smooth whether new pixels may lie between those that are there
   */
  BufferedImage fitted(BufferedImage pixels, boolean smooth) {
    int longSide = Math.max(pixels.getWidth(), pixels.getHeight());
    int width = Math.max(1, pixels.getWidth() * side / longSide);
    int height = Math.max(1, pixels.getHeight() * side / longSide);
    BufferedImage fitted = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = fitted.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION,
        smooth
            ? RenderingHints.VALUE_INTERPOLATION_BILINEAR
            : RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
    graphics.drawImage(pixels, 0, 0, width, height, null);
    graphics.dispose();
    return fitted;
  }

  /** Fits an image; smooth where it becomes smaller. */
  BufferedImage fitted(Image image) {
    return fitted(pixels(image), Math.max(image.width(), image.height()) > side);
  }

  /** An image for drawing. */
  static BufferedImage pixels(Image image) {
    BufferedImage pixels =
        new BufferedImage(image.width(), image.height(), BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < image.width() * image.height(); i++) {
      int x = i % image.width();
      int y = i / image.width();
      int colour = image.value(x, y, 0) << 16 | image.value(x, y, 1) << 8 | image.value(x, y, 2);
      pixels.setRGB(x, y, colour);
    }
    return pixels;
  }

  /**
   * Draws with fonts.
   *
   * @param what is drawn, for people
   * @throws DataException where there is no font
   */
  static BufferedImage withFonts(String what, Supplier<BufferedImage> drawing) {
    try {
      return drawing.get();
    } catch (InternalError | NoClassDefFoundError | UnsatisfiedLinkError e) {
      throw new DataException(
          "Cannot draw " + what + ": this Java finds no font; install fontconfig and a font", e);
    }
  }

  /** Writes a PNG; the same picture gives the same file with the same Java. */
  static void write(BufferedImage picture, OutputStream out) throws IOException {
    try (MemoryCacheImageOutputStream png = new MemoryCacheImageOutputStream(out)) {
      ImageIO.write(picture, "png", png);
    }
  }
}
