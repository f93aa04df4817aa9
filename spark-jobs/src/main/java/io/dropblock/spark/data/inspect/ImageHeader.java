package io.dropblock.spark.data.inspect;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * The size of an image without its pixels.
 *
 * @param width pixels
 * @param height pixels
 */
record ImageHeader(int width, int height) {
  static ImageHeader read(byte[] bytes) throws IOException {
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        throw new IOException("it is neither JPEG nor PNG");
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(in, true, true);
        return new ImageHeader(reader.getWidth(0), reader.getHeight(0));
      } catch (RuntimeException e) {
        // The JDK's readers answer some damaged files with index and argument exceptions.
        throw new IOException(e.toString(), e);
      } finally {
        reader.dispose();
      }
    }
  }
}
