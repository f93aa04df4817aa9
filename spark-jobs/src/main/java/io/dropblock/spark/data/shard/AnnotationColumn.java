package io.dropblock.spark.data.shard;

import io.dropblock.spark.data.annotation.Annotation;
import io.dropblock.spark.data.annotation.ClassLabel;
import io.dropblock.spark.data.annotation.LabelMap;
import io.dropblock.spark.data.annotation.ObjectSet;
import io.dropblock.spark.data.annotation.Task;
import java.io.IOException;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;

/** How what is known of an image is stored. */
enum AnnotationColumn {
  /** The index of the class. */
  LABEL(Types.required(PrimitiveTypeName.INT32).named("label")) {
    @Override
    BytesInput encode(Annotation annotation) {
      return BytesInput.fromInt(((ClassLabel) annotation).label());
    }

    @Override
    Annotation decode(ColumnReader value) {
      return new ClassLabel(value.getInteger());
    }
  },
  /** {@link ObjectsJson}. */
  OBJECTS(
      Types.required(PrimitiveTypeName.BINARY)
          .as(LogicalTypeAnnotation.stringType())
          .named("objects")) {
    @Override
    BytesInput encode(Annotation annotation) throws IOException {
      return binary(ObjectsJson.encode((ObjectSet) annotation));
    }

    @Override
    Annotation decode(ColumnReader value) throws IOException {
      return ObjectsJson.decode(value.getBinary().getBytes());
    }
  },
  /** The PNG. */
  LABELS(Types.required(PrimitiveTypeName.BINARY).named("labels")) {
    @Override
    BytesInput encode(Annotation annotation) {
      return binary(((LabelMap) annotation).png());
    }

    @Override
    Annotation decode(ColumnReader value) {
      return new LabelMap(value.getBinary().getBytes());
    }
  };

  private final PrimitiveType type;

  AnnotationColumn(PrimitiveType type) {
    this.type = type;
  }

  static AnnotationColumn of(Task task) {
    return switch (task) {
      case CLASSIFICATION -> LABEL;
      case DETECTION -> OBJECTS;
      case SEGMENTATION -> LABELS;
    };
  }

  PrimitiveType type() {
    return type;
  }

  /** In Parquet's plain encoding. */
  abstract BytesInput encode(Annotation annotation) throws IOException;

  /** The current value of a reader. */
  abstract Annotation decode(ColumnReader value) throws IOException;

  /** Plain encoding of a binary value: its length as a little-endian int, then its bytes. */
  static BytesInput binary(byte[] bytes) {
    return BytesInput.concat(BytesInput.fromInt(bytes.length), BytesInput.from(bytes));
  }
}
