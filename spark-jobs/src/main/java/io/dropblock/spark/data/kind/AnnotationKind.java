package io.dropblock.spark.data.kind;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.dropblock.spark.data.annotation.Annotation;
import io.dropblock.spark.data.image.BrokenImageException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.schema.PrimitiveType;

/**
 * What is known of each image of a data set, and so what the set is there to learn. Has no state:
 * all of one class are equal. A new one is a class, and a line in {@link AnnotationKinds}.
 *
 * <p>Annotations that are handed in are of this kind.
 */
public interface AnnotationKind extends Serializable {
  /**
   * By its word.
   *
   * @throws IllegalArgumentException where there is no such kind
   */
  @JsonCreator
  static AnnotationKind of(String word) {
    return AnnotationKinds.of(word);
  }

  /** The word for it in manifests and for people: {@code classification} and so on. */
  @JsonValue
  String word();

  /** Classes that a data set must have: 1 where these are told from a background, else 2. */
  int leastClasses();

  /** Whether each image counts for exactly one class, so that counts add up to the images. */
  boolean hasOneClassAnImage();

  /** Whether it still holds for an image that was scaled. */
  boolean fitsAnySize();

  /** The column that holds it in a shard: its name and type. */
  PrimitiveType column();

  /**
   * A value of the column, in Parquet's plain encoding.
   *
   * @throws IOException where it cannot be written
   */
  BytesInput encode(Annotation annotation) throws IOException;

  /**
   * The current value of a reader of the column.
   *
   * @throws IOException where it is none of this kind; so is an {@link IllegalArgumentException}
   */
  Annotation decode(ColumnReader value) throws IOException;

  /**
   * An empty tally.
   *
   * @param classes number of classes
   */
  ClassTally tally(int classes);

  /** What the table of a data set says of it beside what it says of any. */
  KindTable table();

  /** Longest side of a small picture of an image, pixels. */
  int pictureSide();

  /**
   * The classes to name below a picture, 1 or more.
   *
   * @param label the one that the tally found
   * @throws BrokenImageException where the annotation is damaged
   */
  default List<Integer> shown(Annotation annotation, int label) throws BrokenImageException {
    return List.of(label);
  }

  /**
   * Draws it over a small picture of its image; by itself nothing.
   *
   * @param picture RGB
   * @param scaleX width of the picture by that of the image
   * @param scaleY height of the picture by that of the image
   * @param classes names of all classes
   * @throws BrokenImageException where the annotation is damaged
   */
  default void paint(
      BufferedImage picture,
      Annotation annotation,
      double scaleX,
      double scaleY,
      List<String> classes)
      throws BrokenImageException {}
}
