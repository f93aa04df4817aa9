package io.dropblock.spark.data.shard;

import java.io.Serializable;

/**
 * An image that was left out, or an annotation.
 *
 * @param name its path within the raw data set, or the entry of a file there
 * @param reason what is wrong with it, one line
 */
public record BrokenImage(String name, String reason) implements Serializable {
  /** Checks that both are there. */
  public BrokenImage {
    if (name == null || reason == null) {
      throw new IllegalArgumentException(
          "Invalid broken image: name " + name + ", reason " + reason);
    }
  }
}
