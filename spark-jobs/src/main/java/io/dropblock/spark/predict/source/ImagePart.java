package io.dropblock.spark.predict.source;

import java.io.IOException;
import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;

/** Some of the images, for one task. Plain data, which the driver sends to it. */
public sealed interface ImagePart extends Serializable permits FilePart, ShardPart, TablePart {
  /** Number of images. */
  long images();

  /**
   * Opens them.
   *
   * @throws IOException where they cannot be read
   */
  ImageStream open(Configuration configuration) throws IOException;
}
