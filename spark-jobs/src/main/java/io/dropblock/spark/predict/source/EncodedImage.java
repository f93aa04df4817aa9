package io.dropblock.spark.predict.source;

import io.dropblock.spark.data.annotation.Annotation;

/**
 * An image as it was found.
 *
 * @param name its path within what was listed, or what a table calls it
 * @param known what a prepared data set knows of it; null elsewhere
 * @param bytes a JPEG or PNG, or what should be one; null where there is none
 * @param broken why there is none; else null
 */
public record EncodedImage(String name, Annotation known, byte[] bytes, String broken) {
  static EncodedImage of(String name, byte[] bytes) {
    return new EncodedImage(name, null, bytes, null);
  }

  static EncodedImage broken(String name, String reason) {
    return new EncodedImage(name, null, null, reason);
  }
}
