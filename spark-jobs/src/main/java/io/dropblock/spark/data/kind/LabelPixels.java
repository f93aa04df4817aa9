package io.dropblock.spark.data.kind;

import java.io.Serializable;
import java.util.List;

/**
 * Pixels of label maps.
 *
 * @param classes number of pixels of each class, by label
 * @param voids number of pixels that count for nothing
 */
public record LabelPixels(List<Long> classes, long voids) implements Serializable {
  /** Copies the list. */
  public LabelPixels {
    classes = List.copyOf(classes);
  }

  /** Number of all pixels. */
  public long total() {
    return voids + classes.stream().mapToLong(Long::longValue).sum();
  }
}
