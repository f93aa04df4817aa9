package io.dropblock.metric.coco;

import java.io.Serializable;
import java.util.Locale;

/**
 * What was found in an image.
 *
 * @param boxes {@code x, y, width, height} of each, pixels of the stored image: finite, sizes 0 or
 *     more; not copied
 * @param scores of each, the higher the surer: any finite numbers; not copied
 * @param categories index of the category of each, 0 or more; not copied
 */
public record FoundObjects(double[] boxes, double[] scores, int[] categories)
    implements Serializable {

  /**
   * @throws IllegalArgumentException if the arrays are not of as many objects, or a number is none
   *     of the above
   */
  public FoundObjects {
    ObjectArrays.check("found", boxes, categories);
    ObjectArrays.requireSize("found", "scores", scores.length, categories);
    for (int i = 0; i < scores.length; i++) {
      if (!Double.isFinite(scores[i])) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "Invalid found object %d: its score is %s, not a finite number",
                i,
                scores[i]));
      }
    }
  }

  /** How many there are. */
  public int size() {
    return categories.length;
  }
}
