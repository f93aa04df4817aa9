package io.dropblock.spark.data.shard;

import io.dropblock.spark.data.annotation.Annotation;
import io.dropblock.spark.data.annotation.ClassLabel;
import java.util.Objects;

/**
 * One stored image.
 *
 * @param bytes the original file, JPEG or PNG; not copied, so do not write to it
 * @param annotation what is known of it
 * @param name its path within the raw data set, for people
 */
public record ImageRecord(byte[] bytes, Annotation annotation, String name) {
  /** Checks that all is there. */
  public ImageRecord {
    Objects.requireNonNull(bytes, "bytes is null");
    Objects.requireNonNull(annotation, "annotation is null");
    Objects.requireNonNull(name, "name is null");
  }

  /** An image with a class. */
  public ImageRecord(byte[] bytes, int label, String name) {
    this(bytes, new ClassLabel(label), name);
  }

  /**
   * Index of its class.
   *
   * @throws ClassCastException where the data set is none for classification
   */
  public int label() {
    return ((ClassLabel) annotation).label();
  }
}
