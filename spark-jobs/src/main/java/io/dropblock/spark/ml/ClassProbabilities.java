package io.dropblock.spark.ml;

import org.apache.parquet.example.data.Group;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.types.StructField;

/**
 * The probability of each class, by number, as Spark ML has it.
 *
 * @param name of the column
 * @param classes how many
 */
record ClassProbabilities(String name, int classes) implements OutputColumn {
  @Override
  public StructField field() {
    return new StructField(
        name, SQLDataTypes.VectorType(), true, new AttributeGroup(name, classes).toMetadata());
  }

  /** The prediction tells all classes, the most probable one first. */
  @Override
  public Vector value(ImageResult result) {
    if (result.prediction() == null) {
      return null;
    }
    double[] probabilities = new double[classes];
    Group top = result.prediction().getGroup("top", 0);
    for (int i = 0; i < classes; i++) {
      Group one = top.getGroup("list", i).getGroup("element", 0);
      probabilities[one.getInteger("label", 0)] = one.getFloat("probability", 0);
    }
    return Vectors.dense(probabilities);
  }
}
