package io.dropblock.spark.report;

import io.dropblock.spark.analyze.ClassMap;
import io.dropblock.spark.analyze.SeenImage;
import io.dropblock.spark.data.image.Image;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Where networks see a class in images, side by side: the paper's figure 6. A row for each image, a
 * column for each network, whose map is stretched over its smallest and largest value and blended
 * in, half and half.
 *
 * @param networks names of the columns
 * @param classes names by number
 */
public record ClassMapPicture(List<String> networks, List<String> classes) {
  private static final int SIDE = 224;
  private static final int LINE = 18;
  private static final int LONGEST_HEAD = 30;
  private static final double BLENDED = .5;
  private static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 12);

  /** Copies the lists. */
  public ClassMapPicture {
    networks = List.copyOf(networks);
    classes = List.copyOf(classes);
  }

  /**
   * Draws a PNG.
   *
   * @param rows the images, each as all networks see it
   * @throws io.dropblock.spark.data.DataException where there is no font
   */
  public void write(List<List<SeenImage>> rows, OutputStream out) throws IOException {
    PictureGrid.write(PictureGrid.withFonts("the class maps", () -> drawn(rows)), out);
  }

  BufferedImage drawn(List<List<SeenImage>> rows) {
    List<String> heads = new ArrayList<>(List.of("image"));
    networks.forEach(name -> heads.add(shortened(name)));
    PictureGrid grid = new PictureGrid(heads, SIDE);
    List<List<BufferedImage>> pictures = new ArrayList<>();
    for (List<SeenImage> row : rows) {
      List<BufferedImage> line = new ArrayList<>();
      Image image = row.get(0).tile().image();
      line.add(labelled(grid.fitted(image), row.get(0).name()));
      row.forEach(seen -> line.add(labelled(blended(grid, seen), told(seen))));
      pictures.add(line);
    }
    return grid.draw(
        pictures,
        List.of(
            new PictureGrid.Entry(HeatColours.of(0), "smallest value of the map"),
            new PictureGrid.Entry(HeatColours.of(.5), "half way"),
            new PictureGrid.Entry(HeatColours.of(1), "largest value")));
  }

  private static String shortened(String name) {
    return name.length() <= LONGEST_HEAD ? name : name.substring(0, LONGEST_HEAD - 1) + "\u2026";
  }

  private String told(SeenImage seen) {
    return String.format(
        Locale.ROOT,
        "%.2f %s; above half: %.0f %%",
        seen.probability(),
        classes.get(seen.label()),
        100 * seen.map().shareAboveHalf());
  }

  private static BufferedImage blended(PictureGrid grid, SeenImage seen) {
    BufferedImage picture = grid.fitted(seen.tile().image());
    ClassMap map = seen.map().scaled(picture.getHeight(), picture.getWidth());
    double least = seen.map().least();
    double range = seen.map().most() - least;
    for (int y = 0; y < picture.getHeight(); y++) {
      for (int x = 0; x < picture.getWidth(); x++) {
        double value = map.values()[y * picture.getWidth() + x];
        Color heat = HeatColours.of(range > 0 ? (value - least) / range : 0);
        picture.setRGB(x, y, mixed(new Color(picture.getRGB(x, y)), heat).getRGB());
      }
    }
    return picture;
  }

  private static Color mixed(Color image, Color heat) {
    return new Color(
        mixed(image.getRed(), heat.getRed()),
        mixed(image.getGreen(), heat.getGreen()),
        mixed(image.getBlue(), heat.getBlue()));
  }

  private static int mixed(int image, int heat) {
    return (int) Math.round(image * (1 - BLENDED) + heat * BLENDED);
  }

  private static BufferedImage labelled(BufferedImage picture, String text) {
    BufferedImage labelled =
        new BufferedImage(
            picture.getWidth(), picture.getHeight() + LINE, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = labelled.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, labelled.getWidth(), labelled.getHeight());
    graphics.drawImage(picture, 0, 0, null);
    graphics.setFont(FONT);
    graphics.setColor(Color.BLACK);
    String shown = PictureGrid.shortened(text, graphics.getFontMetrics(), picture.getWidth());
    graphics.drawString(shown, 0, labelled.getHeight() - 4);
    graphics.dispose();
    return labelled;
  }
}
