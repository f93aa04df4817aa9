package io.dropblock.spark.data.inspect;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.image.BrokenImageException;
import io.dropblock.spark.data.image.Image;
import io.dropblock.spark.data.image.ImageDecoder;
import io.dropblock.spark.data.shard.ImageRecord;
import io.dropblock.spark.data.shard.ShardReader;
import io.dropblock.spark.data.shard.TriangleFilter;
import java.io.Serializable;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * A small picture of a stored image.
 *
 * @param label index of its class
 * @param width pixels, 1 to {@link #SIDE}
 * @param height pixels, 1 to {@link #SIDE}
 * @param rgb as in {@link Image}
 */
record Thumbnail(int label, int width, int height, byte[] rgb) implements Serializable {
  /** Longest side. */
  static final int SIDE = 160;

  static Thumbnail read(Path dataset, Pick pick, Configuration configuration) {
    ImageRecord record = record(dataset, pick, configuration);
    try {
      Image image = fit(ImageDecoder.decode(record.bytes()));
      return new Thumbnail(pick.label(), image.width(), image.height(), image.rgb());
    } catch (BrokenImageException e) {
      throw new DataException(
          "Cannot read record %d (%s) of %s/%s: %s"
              .formatted(
                  pick.record(),
                  record.name(),
                  dataset,
                  pick.shard().shard().file(),
                  e.getMessage()),
          e);
    }
  }

  private static ImageRecord record(Path dataset, Pick pick, Configuration configuration) {
    List<Integer> blocks = pick.shard().shard().blocks();
    int row = pick.record();
    int block = 0;
    while (row >= blocks.get(block)) {
      row -= blocks.get(block++);
    }
    try (ShardReader reader = pick.shard().open(dataset, configuration)) {
      return reader.block(block).get(row);
    }
  }

  /** Large images are scaled down; the pixels of small ones become squares. */
  static Image fit(Image image) {
    int longSide = Math.max(image.width(), image.height());
    if (longSide <= SIDE) {
      return enlarge(image, SIDE / longSide);
    }
    return TriangleFilter.scale(
        image, scaled(image.width(), longSide), scaled(image.height(), longSide));
  }

  private static int scaled(int side, int longSide) {
    return (int) Math.max(1, Math.round((double) side * SIDE / longSide));
  }

  private static Image enlarge(Image image, int times) {
    int width = image.width() * times;
    int height = image.height() * times;
    byte[] rgb = new byte[3 * width * height];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        for (int channel = 0; channel < 3; channel++) {
          rgb[3 * (y * width + x) + channel] = (byte) image.value(x / times, y / times, channel);
        }
      }
    }
    return new Image(width, height, rgb);
  }
}
