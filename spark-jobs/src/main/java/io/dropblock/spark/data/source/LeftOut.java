package io.dropblock.spark.data.source;

import java.io.Serializable;
import java.util.Objects;

/**
 * Something in a raw data set that is broken and not listed: an annotation, or an image that is not
 * there.
 *
 * @param name the file that says so and its entry, such as {@code
 *     annotations/instances_train2017.json, annotation 17 of image 4}
 * @param reason one line
 */
public record LeftOut(String name, String reason) implements Serializable {
  /** Checks that both are there. */
  public LeftOut {
    Objects.requireNonNull(name, "name is null");
    Objects.requireNonNull(reason, "reason is null");
  }
}
