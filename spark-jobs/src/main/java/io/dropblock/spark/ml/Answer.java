package io.dropblock.spark.ml;

import org.apache.parquet.example.data.Group;

/**
 * What the network makes of an image.
 *
 * @param prediction as a row of {@code predict}; null where it is broken or was not asked for
 * @param features of the chosen layer; null where it is broken or none was chosen
 * @param broken why there is no answer; else null
 */
record Answer(Group prediction, double[] features, String broken) {
  static Answer broken(String reason) {
    return new Answer(null, null, reason);
  }
}
