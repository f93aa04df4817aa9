package io.dropblock.spark.data.kind;

import io.dropblock.spark.data.annotation.Annotation;
import io.dropblock.spark.data.annotation.ClassLabel;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;

/** One class an image: {@link ClassLabel}. Stored as the index of the class. */
public record ClassLabelKind() implements AnnotationKind {
  private static final PrimitiveType COLUMN =
      Types.required(PrimitiveTypeName.INT32).named("label");

  /** What the table of any data set says. */
  private record Table() implements KindTable {}

  @Override
  public String word() {
    return "classification";
  }

  @Override
  public int leastClasses() {
    return 2;
  }

  @Override
  public boolean hasOneClassAnImage() {
    return true;
  }

  @Override
  public boolean fitsAnySize() {
    return true;
  }

  @Override
  public PrimitiveType column() {
    return COLUMN;
  }

  @Override
  public BytesInput encode(Annotation annotation) {
    return PlainValue.of(((ClassLabel) annotation).label());
  }

  @Override
  public Annotation decode(ColumnReader value) {
    return new ClassLabel(value.getInteger());
  }

  @Override
  public ClassTally tally(int classes) {
    return new ClassLabelTally(classes);
  }

  @Override
  public KindTable table() {
    return new Table();
  }

  @Override
  public int pictureSide() {
    return 160;
  }
}
