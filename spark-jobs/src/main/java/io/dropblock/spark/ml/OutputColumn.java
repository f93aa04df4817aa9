package io.dropblock.spark.ml;

import java.io.Serializable;
import org.apache.spark.sql.types.StructField;

/** A column that the transformer adds. Plain data, which the driver sends to the tasks. */
interface OutputColumn extends Serializable {
  /** Its name, type and what Spark ML knows of its values. */
  StructField field();

  /** Its value of an image; null where the image is broken, unless that is what it tells. */
  Object value(ImageResult result);
}
