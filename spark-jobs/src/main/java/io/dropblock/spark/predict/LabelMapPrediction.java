package io.dropblock.spark.predict;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.io.api.Binary;

/**
 * The class of each pixel of an image.
 *
 * @param width of the image, pixels
 * @param height of the image, pixels
 * @param labels {@code height * width} bytes without a sign, rows from the top; not copied
 */
record LabelMapPrediction(int width, int height, byte[] labels) implements Prediction {

  /** As a PNG of 8-bit grey levels, which are the numbers of the classes. */
  byte[] png() {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    byte[] levels = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
    System.arraycopy(labels, 0, levels, 0, labels.length);
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", png);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return png.toByteArray();
  }

  @Override
  public void fill(Group row) {
    row.append("width", width)
        .append("height", height)
        .append("labels", Binary.fromConstantByteArray(png()));
  }
}
