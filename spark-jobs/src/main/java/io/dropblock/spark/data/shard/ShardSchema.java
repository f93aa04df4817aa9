package io.dropblock.spark.data.shard;

import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;

/** The columns of a shard. */
final class ShardSchema {
  static final String IMAGE = "image";
  static final String LABEL = "label";
  static final String NAME = "name";

  static final MessageType SCHEMA =
      Types.buildMessage()
          .required(PrimitiveTypeName.BINARY)
          .named(IMAGE)
          .required(PrimitiveTypeName.INT32)
          .named(LABEL)
          .required(PrimitiveTypeName.BINARY)
          .as(LogicalTypeAnnotation.stringType())
          .named(NAME)
          .named("record");

  private ShardSchema() {}
}
