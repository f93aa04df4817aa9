package io.dropblock.spark.data.prepare;

import io.dropblock.spark.data.image.Image;
import io.dropblock.spark.data.shard.Resize;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * Makes images smaller for storage, by {@link TriangleFilter}, and a JPEG of the result. The same
 * image gives the same bytes with the same Java.
 */
record ShortSide(Resize resize) {
  private static final int LONGEST_JPEG = 65_500;

  /** The bytes to store: the original ones where its short side is short enough. */
  byte[] reduce(byte[] original, Image image) throws IOException {
    int shortSide = Math.min(image.width(), image.height());
    int width = scaled(image.width(), shortSide);
    int height = scaled(image.height(), shortSide);
    if (shortSide <= resize.shortSide() || Math.max(width, height) > LONGEST_JPEG) {
      return original;
    }
    return jpeg(TriangleFilter.scale(image, width, height), resize.quality());
  }

  private int scaled(int side, int shortSide) {
    return (int) Math.round((double) side * resize.shortSide() / shortSide);
  }

  private static byte[] jpeg(Image image, int quality) throws IOException {
    BufferedImage pixels =
        new BufferedImage(image.width(), image.height(), BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < image.height(); y++) {
      for (int x = 0; x < image.width(); x++) {
        int rgb = image.value(x, y, 0) << 16 | image.value(x, y, 1) << 8 | image.value(x, y, 2);
        pixels.setRGB(x, y, rgb);
      }
    }
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    // Not ImageIO.createImageOutputStream: that one may write temporary files.
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      ImageWriteParam settings = writer.getDefaultWriteParam();
      settings.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      settings.setCompressionQuality(quality / 100f);
      writer.setOutput(out);
      writer.write(null, new IIOImage(pixels, null, null), settings);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }
}
