package io.dropblock.spark.predict;

import io.dropblock.spark.data.image.ShownPixels;
import io.dropblock.spark.objective.picture.Exhibit;
import org.apache.parquet.example.data.Group;

/** What a network says of an image. */
public interface Prediction {
  /** Writes it into the row of the image, whose columns are those of {@link Inference#columns}. */
  void fill(Group row);

  /**
   * What people see of it.
   *
   * @param name of the image
   * @param image its place in the batch
   * @param pixels of the batch
   */
  Exhibit exhibit(String name, int image, ShownPixels pixels);
}
