package io.dropblock.spark.ml;

import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.types.StructField;

/**
 * The activations of a layer.
 *
 * @param name of the column
 * @param length of each vector
 */
record LayerFeatures(String name, int length) implements OutputColumn {
  @Override
  public StructField field() {
    return new StructField(
        name, SQLDataTypes.VectorType(), true, new AttributeGroup(name, length).toMetadata());
  }

  @Override
  public Vector value(ImageResult result) {
    return result.features() == null ? null : Vectors.dense(result.features());
  }
}
