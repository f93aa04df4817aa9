package io.dropblock.metric.coco;

import java.io.Serializable;
import java.util.Locale;

/**
 * The objects of an image as its data set has them.
 *
 * @param boxes {@code x, y, width, height} of each, pixels of the stored image: finite, sizes 0 or
 *     more; not copied
 * @param areas of the objects themselves, square pixels: finite, 0 or more; not copied
 * @param crowds whether each stands for many; not copied
 * @param categories index of the category of each, 0 or more; not copied
 */
public record TrueObjects(double[] boxes, double[] areas, boolean[] crowds, int[] categories)
    implements Serializable {

  /**
   * @throws IllegalArgumentException if the arrays are not of as many objects, or a number is none
   *     of the above
   */
  public TrueObjects {
    ObjectArrays.check("true", boxes, categories);
    ObjectArrays.requireSize("true", "areas", areas.length, categories);
    ObjectArrays.requireSize("true", "crowds", crowds.length, categories);
    for (int i = 0; i < areas.length; i++) {
      if (!(areas[i] >= 0 && areas[i] < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "Invalid true object %d: its area is %s, not a number from 0",
                i,
                areas[i]));
      }
    }
  }

  /** How many there are. */
  public int size() {
    return categories.length;
  }
}
