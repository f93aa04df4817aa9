package io.dropblock.spark.data.source;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.awt.image.RenderedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;

/** An image on which shapes are drawn. */
final class ShapeCanvas {
  private final BufferedImage image;

  /** All of one colour. */
  ShapeCanvas(int width, int height, Color ground) {
    image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(ground);
    graphics.fillRect(0, 0, width, height);
    graphics.dispose();
  }

  /** Any hue, bright or dark. */
  static Color color(boolean bright, SplittableRandom random) {
    float hue = (float) random.nextDouble();
    float spread = .3f * (float) random.nextDouble();
    return Color.getHSBColor(hue, bright ? spread : .6f, bright ? 1 - spread : .15f + spread);
  }

  /**
   * Draws a shape with smooth edges.
   *
   * @param placement from the square of side 2 around the origin to somewhere in the image
   */
  void draw(DrawnShape shape, Color color, AffineTransform placement) {
    draw(shape, color, placement, RenderingHints.VALUE_ANTIALIAS_ON);
  }

  /** Draws a shape with whole pixels, all of exactly that colour. */
  void drawWhole(DrawnShape shape, Color color, AffineTransform placement) {
    draw(shape, color, placement, RenderingHints.VALUE_ANTIALIAS_OFF);
  }

  private void draw(DrawnShape shape, Color color, AffineTransform placement, Object edges) {
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, edges);
    graphics.setColor(color);
    graphics.setTransform(placement);
    // In hundredths of the unit, since AWT's shapes are whole numbers.
    graphics.scale(.01, .01);
    shape.draw(graphics);
    graphics.dispose();
  }

  /** All pixels, {@code 0xRRGGBB}, rows from the top. */
  int[] pixels() {
    int width = image.getWidth();
    int[] pixels = image.getRGB(0, 0, width, image.getHeight(), null, 0, width);
    return Arrays.stream(pixels).map(pixel -> pixel & 0xFFFFFF).toArray();
  }

  /** Makes each pixel brighter or darker. */
  void addNoise(SplittableRandom random) {
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
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

  byte[] jpeg() throws IOException {
    return encoded(image, "jpg");
  }

  /** An image file in memory. */
  static byte[] encoded(RenderedImage image, String format) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.setUseCache(false);
    ImageIO.write(image, format, bytes);
    return bytes.toByteArray();
  }
}
