package io.dropblock.spark.data.kind;

import io.dropblock.spark.data.annotation.Annotation;
import io.dropblock.spark.data.annotation.LabelMap;
import io.dropblock.spark.data.image.BrokenImageException;
import io.dropblock.spark.data.image.LabelImage;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.stream.Stream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;

/** One class a pixel: {@link LabelMap}. Stored as its PNG. */
public record LabelMapKind() implements AnnotationKind {
  private static final PrimitiveType COLUMN =
      Types.required(PrimitiveTypeName.BINARY).named("labels");

  @Override
  public String word() {
    return "segmentation";
  }

  @Override
  public int leastClasses() {
    return 2;
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
  public BytesInput encode(Annotation annotation) {
    return PlainValue.of(((LabelMap) annotation).png());
  }

  @Override
  public Annotation decode(ColumnReader value) {
    return new LabelMap(value.getBinary().getBytes());
  }

  @Override
  public ClassTally tally(int classes) {
    return new LabelMapTally(classes);
  }

  @Override
  public KindTable table() {
    return new PixelTable();
  }

  @Override
  public int pictureSide() {
    return 320;
  }

  /** Also the others that it shows, but for the background. */
  @Override
  public List<Integer> shown(Annotation annotation, int label) throws BrokenImageException {
    return Stream.concat(
            Stream.of(label),
            LabelTint.classes(decoded(annotation)).stream().filter(other -> other != label))
        .toList();
  }

  @Override
  public void paint(
      BufferedImage picture,
      Annotation annotation,
      double scaleX,
      double scaleY,
      List<String> classes)
      throws BrokenImageException {
    LabelTint.paint(picture, decoded(annotation));
  }

  private static LabelImage decoded(Annotation annotation) throws BrokenImageException {
    return LabelImage.decode(((LabelMap) annotation).png());
  }
}
