package io.dropblock.spark.data.source.voc;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.image.BrokenImageException;
import io.dropblock.spark.data.source.matlab.MatBytes;
import io.dropblock.spark.data.source.matlab.MatStruct;
import io.dropblock.spark.data.source.matlab.MatVariable;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * The labels of the Semantic Boundaries Dataset (Hariharan et al., Semantic Contours from Inverse
 * Detectors, ICCV 2011): a MATLAB file an image, whose struct {@code GTcls} has the class of each
 * pixel in {@code Segmentation}. The classes are VOC's; there is no void.
 */
final class SbdLabels {
  private static final String STRUCT = "GTcls";
  private static final String FIELD = "Segmentation";

  private SbdLabels() {}

  /**
   * Translates a file to a label map.
   *
   * @param mat the whole file
   * @return a PNG with one channel of 8 bits, the class of each pixel
   * @throws BrokenImageException where the file is damaged or holds no such matrix
   */
  static byte[] png(byte[] mat) throws BrokenImageException {
    try {
      MatStruct labels = MatVariable.struct(mat, STRUCT);
      if (labels.size() != 1) {
        throw new IOException(
            String.format(Locale.ROOT, "%s has %d elements, not 1", STRUCT, labels.size()));
      }
      return png(labels.bytes(FIELD, 0));
    } catch (IOException e) {
      throw new BrokenImageException("MATLAB file: " + DataException.reason(e), e);
    }
  }

  private static byte[] png(MatBytes matrix) {
    BufferedImage image =
        new BufferedImage(matrix.columns(), matrix.rows(), BufferedImage.TYPE_BYTE_GRAY);
    byte[] values = matrix.byRows();
    System.arraycopy(
        values,
        0,
        ((DataBufferByte) image.getRaster().getDataBuffer()).getData(),
        0,
        values.length);
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    // Not ImageIO.createImageOutputStream: that one may write temporary files.
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(png)) {
      ImageIO.write(image, "png", out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return png.toByteArray();
  }
}
