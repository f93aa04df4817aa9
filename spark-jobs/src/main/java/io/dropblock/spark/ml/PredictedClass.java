package io.dropblock.spark.ml;

import java.util.List;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/**
 * The number of the most probable class, as Spark ML has it. The column knows the classes' names,
 * as {@code IndexToString} wants them.
 *
 * @param name of the column
 * @param classes names by number
 */
record PredictedClass(String name, List<String> classes) implements OutputColumn {
  @Override
  public StructField field() {
    return new StructField(
        name,
        DataTypes.DoubleType,
        true,
        NominalAttribute.defaultAttr()
            .withName(name)
            .withValues(classes.toArray(String[]::new))
            .toMetadata());
  }

  @Override
  public Double value(ImageResult result) {
    return result.prediction() == null
        ? null
        : Double.valueOf(result.prediction().getInteger("label", 0));
  }
}
