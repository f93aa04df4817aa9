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
  private static final float GOOD = .8f;
  private static final float FAIR = .6f;

  /** Of the size that would just fit if bytes went by pixels. */
  private static final double MARGIN = .95;

  private static final int SMALLEST = 64;

  private SmallJpeg() {}

  /**
   * Encodes.
   *
   * @param most bytes; a picture of {@value #SMALLEST} pixels may have more
   */
  static byte[] of(BufferedImage picture, int most) throws IOException {
    byte[] jpeg = encoded(picture, GOOD);
    BufferedImage current = picture;
    if (jpeg.length > most) {
      jpeg = encoded(current, FAIR);
    }
    while (jpeg.length > most && current.getWidth() > SMALLEST) {
      current = scaled(current, MARGIN * Math.sqrt((double) most / jpeg.length));
      jpeg = encoded(current, FAIR);
    }
    return jpeg;
  }

  private static BufferedImage scaled(BufferedImage picture, double scale) {
    int width = Math.max(1, (int) (picture.getWidth() * scale));
    int height = Math.max(1, (int) (picture.getHeight() * scale));
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
