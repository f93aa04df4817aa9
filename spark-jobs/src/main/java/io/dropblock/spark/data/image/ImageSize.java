package io.dropblock.spark.data.image;

import java.io.Serializable;
import java.nio.ByteBuffer;

/**
 * The size of an image, read without its pixels.
 *
 * @param width pixels, 1 or more
 * @param height pixels, 1 or more
 */
public record ImageSize(int width, int height) implements Serializable {

  /**
   * Reads the header of a JPEG or PNG.
   *
   * @throws BrokenImageException where there is none, or the image is larger than {@link
   *     ImageDecoder#MAX_PIXELS}
   */
  public static ImageSize of(byte[] bytes) throws BrokenImageException {
    if (JpegHeader.isAtStartOf(bytes)) {
      JpegHeader header = JpegHeader.of(bytes);
      return new ImageSize(header.width(), header.height());
    }
    if (PngChunks.areIn(bytes)) {
      return PngChunks.size(ByteBuffer.wrap(bytes));
    }
    throw new BrokenImageException("it is neither JPEG nor PNG");
  }
}
