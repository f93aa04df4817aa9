package io.dropblock.spark.data.shard;

import io.dropblock.spark.data.annotation.Task;
import java.util.List;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;

/**
 * The columns of a shard.
 *
 * @param task what its records are there to learn
 * @param annotation the column of what is known of an image
 * @param message all columns, as Parquet has them
 */
record ShardSchema(Task task, AnnotationColumn annotation, MessageType message) {
  static final String IMAGE = "image";
  static final String NAME = "name";

  static ShardSchema of(Task task) {
    AnnotationColumn annotation = AnnotationColumn.of(task);
    MessageType message =
        Types.buildMessage()
            .required(PrimitiveTypeName.BINARY)
            .named(IMAGE)
            .addField(annotation.type())
            .required(PrimitiveTypeName.BINARY)
            .as(LogicalTypeAnnotation.stringType())
            .named(NAME)
            .named("record");
    return new ShardSchema(task, annotation, message);
  }

  /** Names of the columns, in the order in which they are stored. */
  List<String> columns() {
    return List.of(IMAGE, annotation.type().getName(), NAME);
  }
}
