package io.dropblock.spark.data.annotation;

import java.util.List;

/**
 * The objects in an image.
 *
 * @param imageId number of the image in its data set, which results are scored by
 * @param objects in the order of the source, crowds among them; may be none
 */
public record ObjectSet(long imageId, List<ImageObject> objects) implements Annotation {
  /** Copies the list. */
  public ObjectSet {
    objects = List.copyOf(objects);
  }
}
