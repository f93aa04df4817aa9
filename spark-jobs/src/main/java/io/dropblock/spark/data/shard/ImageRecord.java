package io.dropblock.spark.data.shard;

import io.dropblock.spark.data.annotation.Annotation;
import java.util.Arrays;
import java.util.Objects;

/**
 * One stored image.
 *
 * @param page holds its bytes, and those of others where it was read from a shard; not copied, so
 *     do not write to it
 * @param offset of its first byte
 * @param length number of its bytes
 * @param annotation what is known of it
 * @param name its path within the raw data set, for people
 */
public record ImageRecord(byte[] page, int offset, int length, Annotation annotation, String name) {
  /** Checks that all is there. */
  public ImageRecord {
    Objects.requireNonNull(page, "page is null");
    Objects.requireNonNull(annotation, "annotation is null");
    Objects.requireNonNull(name, "name is null");
    Objects.checkFromIndexSize(offset, length, page.length);
  }

  /** An image that is an array of its own. */
  public ImageRecord(byte[] bytes, Annotation annotation, String name) {
    this(bytes, 0, bytes.length, annotation, name);
  }

  /** The original file, JPEG or PNG; a copy unless it is an array of its own. */
  public byte[] bytes() {
    return length == page.length ? page : Arrays.copyOfRange(page, offset, offset + length);
  }
}
