package io.dropblock.spark.report;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.annotation.LabelColours;
import io.dropblock.spark.data.annotation.LabelMap;
import io.dropblock.spark.data.image.Image;
import io.dropblock.spark.data.image.LabelImage;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * What a network made of some images: a row each with the image, its true classes and the predicted
 * ones side by side, in VOC's colours, and below the names of the classes that are there.
 *
 * @param classes names of all classes by label
 * @param rows 1 or more
 */
public record SegmentationPicture(List<String> classes, List<SegmentationRow> rows) {
  private static final List<String> HEADS = List.of("image", "truth", "prediction");
  private static final int SIDE = 200;
  private static final int GAP = 8;
  private static final int LINE = 20;
  private static final int WIDTH = HEADS.size() * (SIDE + GAP) + GAP;

  /** A colour and what it means. */
  private record Entry(int label, String name) {}

  /** Copies the lists. */
  public SegmentationPicture {
    classes = List.copyOf(classes);
    rows = List.copyOf(rows);
    if (rows.isEmpty()) {
      throw new IllegalArgumentException("Cannot draw a picture of no images");
    }
  }

  /** Writes it as a PNG; the same rows give the same file with the same Java and fonts. */
  public void write(OutputStream out) throws IOException {
    try (MemoryCacheImageOutputStream png = new MemoryCacheImageOutputStream(out)) {
      ImageIO.write(draw(), "png", png);
    }
  }

  BufferedImage draw() {
    try {
      return drawAll();
    } catch (InternalError | NoClassDefFoundError | UnsatisfiedLinkError e) {
      throw new DataException(
          "Cannot draw the picture of the segmentation: this Java finds no font; install fontconfig and a font",
          e);
    }
  }

  private BufferedImage drawAll() {
    int height = LINE + GAP;
    for (SegmentationRow row : rows) {
      height += scaled(row.image().height(), row) + GAP;
    }
    List<Entry> legend = legend();
    BufferedImage picture =
        new BufferedImage(WIDTH, height + lines(legend) * LINE + GAP, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = picture.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, picture.getWidth(), picture.getHeight());
    graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
    graphics.setColor(Color.BLACK);
    for (int column = 0; column < HEADS.size(); column++) {
      graphics.drawString(HEADS.get(column), left(column), LINE);
    }
    int top = LINE + GAP;
    for (SegmentationRow row : rows) {
      draw(graphics, pixels(row.image()), row, 0, top);
      draw(graphics, pixels(row.truth()), row, 1, top);
      draw(graphics, pixels(row.predicted()), row, 2, top);
      top += scaled(row.image().height(), row) + GAP;
    }
    for (int i = 0; i < legend.size(); i++) {
      draw(graphics, legend.get(i), left(i % HEADS.size()), top + i / HEADS.size() * LINE);
    }
    graphics.dispose();
    return picture;
  }

  private static int left(int column) {
    return GAP + column * (SIDE + GAP);
  }

  private static int scaled(int length, SegmentationRow row) {
    int longSide = Math.max(row.image().width(), row.image().height());
    return Math.max(1, length * SIDE / longSide);
  }

  private static void draw(
      Graphics2D graphics, BufferedImage pixels, SegmentationRow row, int column, int top) {
    boolean smaller = column == 0 && Math.max(pixels.getWidth(), pixels.getHeight()) > SIDE;
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION,
        smaller
            ? RenderingHints.VALUE_INTERPOLATION_BILINEAR
            : RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
    graphics.drawImage(
        pixels,
        left(column),
        top,
        scaled(pixels.getWidth(), row),
        scaled(pixels.getHeight(), row),
        null);
  }

  private static BufferedImage pixels(Image image) {
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

  private static BufferedImage pixels(LabelImage map) {
    BufferedImage pixels = new BufferedImage(map.width(), map.height(), BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < map.labels().length; i++) {
      int colour = LabelColours.of(map.labels()[i] & 0xFF);
      pixels.setRGB(i % map.width(), i / map.width(), colour);
    }
    return pixels;
  }

  /** In the order of the labels, void last. */
  private List<Entry> legend() {
    List<Entry> legend = new ArrayList<>();
    IntStream.range(0, classes.size())
        .filter(this::shows)
        .forEach(label -> legend.add(new Entry(label, classes.get(label))));
    if (shows(LabelMap.VOID)) {
      legend.add(new Entry(LabelMap.VOID, "void"));
    }
    return legend;
  }

  private boolean shows(int label) {
    return rows.stream().anyMatch(row -> row.shows(label));
  }

  private static int lines(List<Entry> legend) {
    return (legend.size() + HEADS.size() - 1) / HEADS.size();
  }

  private static void draw(Graphics2D graphics, Entry entry, int left, int top) {
    graphics.setColor(new Color(LabelColours.of(entry.label())));
    graphics.fillRect(left, top + 4, 12, 12);
    graphics.setColor(Color.BLACK);
    graphics.drawRect(left, top + 4, 12, 12);
    String name = entry.name();
    while (graphics.getFontMetrics().stringWidth(name) > SIDE - LINE && name.length() > 2) {
      name = name.substring(0, name.length() - 2) + "\u2026";
    }
    graphics.drawString(name, left + LINE, top + 15);
  }
}
