package io.dropblock.spark.data.inspect;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.annotation.Annotation;
import io.dropblock.spark.data.image.BrokenImageException;
import io.dropblock.spark.data.image.Image;
import io.dropblock.spark.data.image.ImageDecoder;
import io.dropblock.spark.data.prepare.TriangleFilter;
import io.dropblock.spark.data.shard.ImageRecord;
import io.dropblock.spark.data.shard.ShardReader;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * A small picture of a stored image, and what is known of that.
 *
 * @param label index of the class it is shown under
 * @param width pixels, 1 or more
 * @param height pixels, 1 or more
 * @param rgb as in {@link Image}
 * @param annotation what is known of the stored image
 * @param scaleX width of this picture by that of the stored image
 * @param scaleY height of this picture by that of the stored image
 */
record Thumbnail(
    int label,
    int width,
    int height,
    byte[] rgb,
    Annotation annotation,
    double scaleX,
    double scaleY)
    implements Serializable {
  static Thumbnail read(Path dataset, Pick pick, Configuration configuration) {
    ImageRecord record = record(dataset, pick, configuration);
    try {
      Image stored = ImageDecoder.decode(record.bytes());
      Image image = fit(stored, pick.shard().kind().pictureSide());
      return new Thumbnail(
          pick.label(),
          image.width(),
          image.height(),
          image.rgb(),
          record.annotation(),
          (double) image.width() / stored.width(),
          (double) image.height() / stored.height());
    } catch (BrokenImageException e) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "Cannot read record %d (%s) of %s/%s: %s",
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
  static Image fit(Image image, int side) {
    int longSide = Math.max(image.width(), image.height());
    if (longSide <= side) {
      return enlarge(image, side / longSide);
    }
    return TriangleFilter.scale(
        image, scaled(image.width(), side, longSide), scaled(image.height(), side, longSide));
  }

  private static int scaled(int length, int side, int longSide) {
    return (int) Math.max(1, Math.round((double) length * side / longSide));
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
