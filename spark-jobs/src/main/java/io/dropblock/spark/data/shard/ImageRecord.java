package io.dropblock.spark.data.shard;

import java.util.Objects;

/**
 * One stored image.
 *
 * @param bytes the original file, JPEG or PNG; not copied, so do not write to it
 * @param label index of its class, 0 or more
 * @param name its path within the raw data set, for people
 */
public record ImageRecord(byte[] bytes, int label, String name) {
  /** Checks the label. */
  public ImageRecord {
    Objects.requireNonNull(bytes, "bytes is null");
    Objects.requireNonNull(name, "name is null");
    if (label < 0) {
      throw new IllegalArgumentException("Invalid label: " + label);
    }
  }
}
