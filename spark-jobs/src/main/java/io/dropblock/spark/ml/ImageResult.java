package io.dropblock.spark.ml;

import org.apache.parquet.example.data.Group;

/**
 * What the network makes of an image.
 *
 * @param prediction as a row of {@code predict}; null where it is broken or was not asked for
 * @param features of the chosen layer; null where it is broken or none was chosen
 * @param broken why there is no result; else null
 */
record ImageResult(Group prediction, double[] features, String broken) {
  static ImageResult broken(String reason) {
    return new ImageResult(null, null, reason);
  }
}
