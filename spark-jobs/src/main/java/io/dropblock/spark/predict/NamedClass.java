package io.dropblock.spark.predict;

import java.util.List;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.parquet.schema.Types;

/** A class in a row, or in a struct of one: the columns {@code label} and {@code class}. */
record NamedClass(int label, String name) {

  static List<Type> columns(Repetition repetition) {
    return List.of(
        Types.primitive(PrimitiveTypeName.INT32, repetition).named("label"),
        Types.primitive(PrimitiveTypeName.BINARY, repetition)
            .as(LogicalTypeAnnotation.stringType())
            .named("class"));
  }

  /** Writes it, and returns the row. */
  Group fill(Group row) {
    return row.append("label", label).append("class", name);
  }
}
