package io.dropblock.spark.data.kind;

import io.dropblock.spark.data.annotation.Annotation;
import io.dropblock.spark.data.annotation.ObjectSet;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.List;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;

/** Any number of objects an image: {@link ObjectSet}. Stored as {@link ObjectsJson}. */
public record ObjectSetKind() implements AnnotationKind {
  private static final PrimitiveType COLUMN =
      Types.required(PrimitiveTypeName.BINARY)
          .as(LogicalTypeAnnotation.stringType())
          .named("objects");

  @Override
  public String word() {
    return "detection";
  }

  /** Objects of one class are told from the background. */
  @Override
  public int leastClasses() {
    return 1;
  }

  @Override
  public boolean hasOneClassAnImage() {
    return false;
  }

  @Override
  public boolean fitsAnySize() {
    return false;
  }

  @Override
  public PrimitiveType column() {
    return COLUMN;
  }

  @Override
  public BytesInput encode(Annotation annotation) throws IOException {
    return PlainValue.of(ObjectsJson.encode((ObjectSet) annotation));
  }

  @Override
  public Annotation decode(ColumnReader value) throws IOException {
    return ObjectsJson.decode(value.getBinary().getBytes());
  }

  @Override
  public ClassTally tally(int classes) {
    return new ObjectTally(classes);
  }

  @Override
  public KindTable table() {
    return new ObjectTable();
  }

  @Override
  public int pictureSide() {
    return 320;
  }

  @Override
  public void paint(
      BufferedImage picture,
      Annotation annotation,
      double scaleX,
      double scaleY,
      List<String> classes) {
    new ObjectPainter(picture, scaleX, scaleY, classes).paint((ObjectSet) annotation);
  }
}
