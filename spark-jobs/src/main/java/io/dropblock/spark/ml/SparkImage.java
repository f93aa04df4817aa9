package io.dropblock.spark.ml;

import io.dropblock.spark.data.image.BrokenImageException;
import io.dropblock.spark.data.image.ImageDecoder;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.apache.spark.ml.image.ImageSchema;
import org.apache.spark.sql.Row;

/**
 * An image that Spark's data source {@code image} decoded: rows of pixels from the top, blue, green
 * and red in a byte each, grey alone, or with alpha behind them ({@code
 * org.apache.spark.ml.image.ImageSchema}).
 */
final class SparkImage {
  private static final int GREY = 1;
  private static final int COLOUR = 3;
  private static final int WITH_ALPHA = 4;

  private SparkImage() {}

  /**
   * The same pixels as a PNG, so that they go the way of all images. Alpha is dropped, as
   * everywhere here.
   *
   * @throws BrokenImageException where Spark could not decode it, or it is none
   */
  static byte[] png(Row image) throws BrokenImageException {
    int mode = ImageSchema.getMode(image);
    int height = ImageSchema.getHeight(image);
    int width = ImageSchema.getWidth(image);
    byte[] data = ImageSchema.getData(image);
    if (mode == code(ImageSchema.undefinedImageType())) {
      throw new BrokenImageException("Spark could not decode it");
    }
    int channels = channels(mode);
    if (width < 1 || height < 1 || (long) width * height > ImageDecoder.MAX_PIXELS) {
      throw new BrokenImageException(
          String.format(
              Locale.ROOT,
              "%d x %d pixels are not between 1 and %d",
              width,
              height,
              ImageDecoder.MAX_PIXELS));
    }
    if (data == null || data.length != (long) width * height * channels) {
      throw new BrokenImageException(
          String.format(
              Locale.ROOT,
              "%d x %d pixels of %d bytes are not the %d bytes that it has",
              width,
              height,
              channels,
              data == null ? 0 : data.length));
    }
    return encode(image(width, height, data, channels));
  }

  private static int channels(int mode) throws BrokenImageException {
    if (mode == code("CV_8UC1")) {
      return GREY;
    }
    if (mode == code("CV_8UC3")) {
      return COLOUR;
    }
    if (mode == code("CV_8UC4")) {
      return WITH_ALPHA;
    }
    throw new BrokenImageException(
        "its mode " + mode + " is none of " + ImageSchema.javaOcvTypes());
  }

  private static int code(String type) {
    return (Integer) ImageSchema.javaOcvTypes().get(type);
  }

  /** The type of Java's images whose bytes lie as Spark's do. */
  private static BufferedImage image(int width, int height, byte[] data, int channels) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
    byte[] pixels = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
    for (int pixel = 0; pixel < width * height; pixel++) {
      for (int colour = 0; colour < COLOUR; colour++) {
        pixels[COLOUR * pixel + colour] = data[channels * pixel + (channels == GREY ? 0 : colour)];
      }
    }
    return image;
  }

  /** Not compressed: it is decoded at once. */
  private static byte[] encode(BufferedImage image) {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(png)) {
      ImageWriteParam fast = writer.getDefaultWriteParam();
      fast.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      fast.setCompressionQuality(1);
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, null), fast);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      writer.dispose();
    }
    return png.toByteArray();
  }
}
