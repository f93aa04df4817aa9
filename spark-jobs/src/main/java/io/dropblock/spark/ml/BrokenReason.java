package io.dropblock.spark.ml;

import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/**
 * Why an image has no prediction; null where it has one.
 *
 * @param name of the column
 */
record BrokenReason(String name) implements OutputColumn {
  @Override
  public StructField field() {
    return DataTypes.createStructField(name, DataTypes.StringType, true);
  }

  @Override
  public String value(ImageResult result) {
    return result.broken();
  }
}
