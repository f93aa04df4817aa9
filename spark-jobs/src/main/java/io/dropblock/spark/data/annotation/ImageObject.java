package io.dropblock.spark.data.annotation;

import java.io.Serializable;
import java.util.Locale;
import java.util.Objects;

/**
 * An object in an image, as COCO has it.
 *
 * @param id of the annotation in its data set
 * @param label index of its class, 0 or more
 * @param box around it
 * @param area of the object itself, square pixels, 0 or more; COCO's measures sort by it
 * @param crowd whether it stands for many that were not told apart; not trained on
 * @param shape its pixels, or null where nobody drew them
 */
public record ImageObject(long id, int label, Box box, double area, boolean crowd, Shape shape)
    implements Serializable {
  /** Checks the ranges. */
  public ImageObject {
    Objects.requireNonNull(box, "box is null");
    if (label < 0 || !(area >= 0) || area == Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "Invalid object: label %d, area %s", label, area));
    }
  }
}
