package io.dropblock.spark.data.source;

import java.io.Serializable;
import java.util.Objects;

/**
 * Where the bytes of one image lie, and what it shows.
 *
 * @param container the file that holds the bytes, as a Hadoop path: the image itself, or a tar
 * @param offset first byte within the container; 0 where the container is the image
 * @param length number of bytes, 0 or more
 * @param name the image's path within its data set, {@code /} between folders; unique within a
 *     split; a name for people, never a path to open
 * @param label index of its class, 0 or more
 */
public record ImageFile(String container, long offset, long length, String name, int label)
    implements Serializable {
  /** Checks the ranges. */
  public ImageFile {
    Objects.requireNonNull(container, "container is null");
    Objects.requireNonNull(name, "name is null");
    if (offset < 0 || length < 0 || label < 0) {
      throw new IllegalArgumentException(
          "Invalid image file: offset %d, length %d, label %d".formatted(offset, length, label));
    }
  }
}
