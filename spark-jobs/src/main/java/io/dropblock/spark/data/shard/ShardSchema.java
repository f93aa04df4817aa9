package io.dropblock.spark.data.shard;

import io.dropblock.spark.data.kind.AnnotationKind;
import java.util.List;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;

/**
 * The columns of a shard.
 *
 * @param kind of what is known of the images, which decides on a column
 * @param message all columns, as Parquet has them
 */
record ShardSchema(AnnotationKind kind, MessageType message) {
  static final String IMAGE = "image";
  static final String NAME = "name";

  static ShardSchema of(AnnotationKind kind) {
    MessageType message =
        Types.buildMessage()
            .required(PrimitiveTypeName.BINARY)
            .named(IMAGE)
            .addField(kind.column())
            .required(PrimitiveTypeName.BINARY)
            .as(LogicalTypeAnnotation.stringType())
            .named(NAME)
            .named("record");
    return new ShardSchema(kind, message);
  }

  /** Names of the columns, in the order in which they are stored. */
  List<String> columns() {
    return List.of(IMAGE, kind.column().getName(), NAME);
  }
}
