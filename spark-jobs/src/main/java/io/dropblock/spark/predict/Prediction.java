package io.dropblock.spark.predict;

import org.apache.parquet.example.data.Group;

/** What a network says of an image. */
public interface Prediction {
  /** Writes it into the row of the image, whose columns are those of {@link Inference#columns}. */
  void fill(Group row);
}
