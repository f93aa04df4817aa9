package io.dropblock.spark.report.evaluated;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** A picture as a JPEG of few bytes: with less quality, and then smaller, until it fits. */
final class SmallJpeg {
  private static final float[] QUALITIES = {.8f, .65f, .5f};
  private static final double SCALE = .8;
  private static final int SMALLEST = 64;

  private SmallJpeg() {}

  /**
   * Encodes.
   *
   * @param most bytes
   */
  static byte[] of(BufferedImage picture, int most) throws IOException {
    BufferedImage current = picture;
    while (true) {
      byte[] jpeg = {};
      for (float quality : QUALITIES) {
        jpeg = encoded(current, quality);
        if (jpeg.length <= most) {
          return jpeg;
        }
      }
      if (current.getWidth() * SCALE < SMALLEST) {
        return jpeg;
      }
      current = scaled(current);
    }
  }

  private static BufferedImage scaled(BufferedImage picture) {
    int width = (int) (picture.getWidth() * SCALE);
    int height = Math.max(1, (int) (picture.getHeight() * SCALE));
    BufferedImage scaled = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = scaled.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    graphics.drawImage(picture, 0, 0, width, height, null);
    graphics.dispose();
    return scaled;
  }

  private static byte[] encoded(BufferedImage picture, float quality) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      ImageWriteParam settings = writer.getDefaultWriteParam();
      settings.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      settings.setCompressionQuality(quality);
      writer.setOutput(out);
      writer.write(null, new IIOImage(picture, null, null), settings);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }
}
