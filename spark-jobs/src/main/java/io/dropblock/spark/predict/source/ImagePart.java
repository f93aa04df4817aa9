package io.dropblock.spark.predict.source;

import java.io.IOException;
import java.io.Serializable;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;

/** Some of the images, for one task. Plain data, which the driver sends to it. */
public sealed interface ImagePart extends Serializable permits FilePart, ShardPart, TablePart {
  /** Number of images. */
  long images();

  /** What they are, and where they lie, in words that change where that does. */
  Stream<String> identity();

  /**
   * Opens them. An image that is a file of its own and cannot be read is a broken one.
   *
   * @throws IOException where they cannot be read
   * @throws io.dropblock.spark.data.DataException there and from the stream, where the file that
   *     holds them cannot be read: with its full address
   */
  ImageStream open(Configuration configuration) throws IOException;
}
