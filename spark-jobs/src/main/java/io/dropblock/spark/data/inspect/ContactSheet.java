package io.dropblock.spark.data.inspect;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.image.BrokenImageException;
import io.dropblock.spark.data.kind.AnnotationKind;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * Some images of a data set in rows, the names of the classes it shows below each; what is known of
 * the images is drawn in.
 *
 * @param kind of what is known of the images
 * @param classes names of all classes
 * @param thumbnails the images, 1 or more
 */
public record ContactSheet(AnnotationKind kind, List<String> classes, List<Thumbnail> thumbnails) {
  private static final int GAP = 8;
  private static final int LABEL = 18;

  /** Writes it as a PNG; the same images give the same file with the same Java and fonts. */
  public void write(OutputStream out) throws IOException {
    try (MemoryCacheImageOutputStream png = new MemoryCacheImageOutputStream(out)) {
      ImageIO.write(draw(), "png", png);
    }
  }

  /** Images in a row: as many as there are rows, or one or two more. */
  int columns() {
    return (int) Math.ceil(Math.sqrt(thumbnails.size()));
  }

  BufferedImage draw() {
    try {
      return drawAll();
    } catch (BrokenImageException e) {
      throw new DataException("Cannot draw the contact sheet: " + e.getMessage(), e);
    } catch (InternalError | NoClassDefFoundError | UnsatisfiedLinkError e) {
      throw new DataException(
          "Cannot draw the contact sheet: this Java finds no font; install fontconfig and a font",
          e);
    }
  }

  private BufferedImage drawAll() throws BrokenImageException {
    int side = kind.pictureSide();
    int cell = side + GAP;
    int columns = columns();
    int rows = (thumbnails.size() + columns - 1) / columns;
    BufferedImage sheet =
        new BufferedImage(
            columns * cell + GAP, rows * (cell + LABEL) + GAP, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = sheet.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, sheet.getWidth(), sheet.getHeight());
    graphics.setColor(Color.BLACK);
    for (int i = 0; i < thumbnails.size(); i++) {
      Thumbnail thumbnail = thumbnails.get(i);
      // In the middle of the cell's lower edge.
      int x = GAP + i % columns * cell;
      int y = GAP + i / columns * (cell + LABEL);
      int left = x + (side - thumbnail.width()) / 2;
      int top = y + side - thumbnail.height();
      graphics.drawImage(picture(thumbnail), left, top, null);
      label(graphics, caption(thumbnail), side, x, y + side + LABEL - 4);
    }
    graphics.dispose();
    return sheet;
  }

  /** The thumbnail with what is drawn over it. */
  BufferedImage picture(Thumbnail thumbnail) throws BrokenImageException {
    BufferedImage picture =
        new BufferedImage(thumbnail.width(), thumbnail.height(), BufferedImage.TYPE_INT_RGB);
    byte[] rgb = thumbnail.rgb();
    for (int i = 0; i < thumbnail.width() * thumbnail.height(); i++) {
      int colour = (rgb[3 * i] & 0xFF) << 16 | (rgb[3 * i + 1] & 0xFF) << 8 | rgb[3 * i + 2] & 0xFF;
      picture.setRGB(i % thumbnail.width(), i / thumbnail.width(), colour);
    }
    kind.paint(picture, thumbnail.annotation(), thumbnail.scaleX(), thumbnail.scaleY(), classes);
    return picture;
  }

  String caption(Thumbnail thumbnail) throws BrokenImageException {
    return kind.shown(thumbnail.annotation(), thumbnail.label()).stream()
        .map(classes::get)
        .collect(Collectors.joining(", "));
  }

  private static void label(Graphics2D graphics, String name, int side, int x, int baseline) {
    graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
    FontMetrics metrics = graphics.getFontMetrics();
    String text = name;
    while (metrics.stringWidth(text) > side) {
      text = text.substring(0, text.length() - 2) + "\u2026";
    }
    graphics.drawString(text, x + (side - metrics.stringWidth(text)) / 2, baseline);
  }
}
