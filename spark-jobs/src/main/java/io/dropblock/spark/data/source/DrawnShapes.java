package io.dropblock.spark.data.source;

import io.dropblock.spark.files.HadoopPath;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Polygon;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A small labelled image set that needs no download: dark shapes on bright grounds and bright ones
 * on dark, of any hue, size, place and turn, with noise, as JPEG files in a plain image folder. Not
 * trivial, since neither colour nor brightness says anything about the class.
 */
public final class DrawnShapes {
  private static final List<String> CLASSES =
      List.of("circle", "cross", "ring", "square", "stripes", "triangle");
  private static final int SIDE = 32;

  private final SplittableRandom random;

  /**
   * @param seed equal seeds draw equal sets
   */
  public DrawnShapes(long seed) {
    random = new SplittableRandom(seed);
  }

  /**
   * Draws {@code <folder>/{train,val}/<class>/0000.jpg} and so on.
   *
   * @param trainPerClass images a class to train on
   * @param valPerClass images a class to validate on
   */
  public void write(FileSystem files, Path folder, int trainPerClass, int valPerClass)
      throws IOException {
    write(files, HadoopPath.in(folder, "train"), trainPerClass);
    write(files, HadoopPath.in(folder, "val"), valPerClass);
  }

  private void write(FileSystem files, Path split, int perClass) throws IOException {
    for (String name : CLASSES) {
      for (int number = 0; number < perClass; number++) {
        Path path = HadoopPath.in(split, String.format(Locale.ROOT, "%s/%04d.jpg", name, number));
        try (FSDataOutputStream out = files.create(path, true)) {
          out.write(jpeg(draw(name)));
        }
      }
    }
  }

  private static byte[] jpeg(BufferedImage image) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.setUseCache(false);
    ImageIO.write(image, "jpg", bytes);
    return bytes.toByteArray();
  }

  private BufferedImage draw(String name) {
    BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    boolean bright = random.nextDouble() < .5;
    graphics.setColor(color(bright));
    graphics.fillRect(0, 0, SIDE, SIDE);
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setColor(color(!bright));
    graphics.setTransform(placement());
    fill(graphics, name);
    graphics.dispose();
    addNoise(image);
    return image;
  }

  private Color color(boolean bright) {
    float hue = (float) random.nextDouble();
    float spread = .3f * (float) random.nextDouble();
    return Color.getHSBColor(hue, bright ? spread : .6f, bright ? 1 - spread : .15f + spread);
  }

  /** From the square of side 2 around the origin to somewhere in the image. */
  private AffineTransform placement() {
    double radius = 8 + 5 * random.nextDouble();
    AffineTransform placement = new AffineTransform();
    placement.translate(place(radius), place(radius));
    placement.rotate(2 * Math.PI * random.nextDouble());
    placement.scale(radius, radius);
    return placement;
  }

  private double place(double radius) {
    return radius + (SIDE - 2 * radius) * random.nextDouble();
  }

  /** Fills a shape in hundredths of the unit, since AWT's shapes are whole numbers. */
  private static void fill(Graphics2D graphics, String name) {
    graphics.scale(.01, .01);
    switch (name) {
      case "circle" -> graphics.fillOval(-90, -90, 180, 180);
      case "ring" -> {
        graphics.setStroke(new BasicStroke(35));
        graphics.drawOval(-75, -75, 150, 150);
      }
      case "square" -> graphics.fillRect(-75, -75, 150, 150);
      case "triangle" ->
          graphics.fillPolygon(new Polygon(new int[] {0, 95, -95}, new int[] {-100, 70, 70}, 3));
      case "cross" -> {
        graphics.fillRect(-25, -95, 50, 190);
        graphics.fillRect(-95, -25, 190, 50);
      }
      case "stripes" -> {
        graphics.fillRect(-90, -90, 180, 36);
        graphics.fillRect(-90, -18, 180, 36);
        graphics.fillRect(-90, 54, 180, 36);
      }
      default -> throw new IllegalArgumentException("Unknown shape: " + name);
    }
  }

  private void addNoise(BufferedImage image) {
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        int pixel = image.getRGB(x, y);
        int noise = random.nextInt(-24, 25);
        image.setRGB(
            x, y, noisy(pixel, 16, noise) | noisy(pixel, 8, noise) | noisy(pixel, 0, noise));
      }
    }
  }

  private static int noisy(int pixel, int shift, int noise) {
    return Math.max(0, Math.min(255, (pixel >> shift & 0xFF) + noise)) << shift;
  }
}
