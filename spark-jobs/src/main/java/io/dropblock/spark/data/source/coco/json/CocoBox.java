package io.dropblock.spark.data.source.coco.json;

import io.dropblock.spark.data.annotation.Box;
import io.dropblock.spark.data.annotation.Polygons;
import java.util.Locale;

/** The box of an annotation, checked against its image. */
public final class CocoBox {
  private CocoBox() {}

  /**
   * The part of a box that lies in the image; many end a fraction of a pixel beyond it.
   *
   * @param bbox left, upper, width and height
   */
  public static Box within(CocoImage image, double[] bbox) throws CocoFlaw {
    if (!(bbox[2] > 0 && bbox[3] > 0)) {
      throw new CocoFlaw(
          String.format(Locale.ROOT, "its box of %s x %s pixels has no area", bbox[2], bbox[3]));
    }
    double right = bbox[0] + bbox[2];
    double bottom = bbox[1] + bbox[3];
    if (!(bbox[0] < image.width() && bbox[1] < image.height() && right > 0 && bottom > 0)) {
      throw new CocoFlaw(
          String.format(
              Locale.ROOT,
              "its box of %s x %s pixels at (%s, %s) lies outside of the image of %d x %d",
              bbox[2],
              bbox[3],
              bbox[0],
              bbox[1],
              image.width(),
              image.height()));
    }
    double left = Math.max(0, bbox[0]);
    double top = Math.max(0, bbox[1]);
    // What is not cut keeps its numbers. Of a start and a whole number, their difference and the
    // start add up to that number, however they are rounded.
    return new Box(
        left,
        top,
        left == bbox[0] && right <= image.width() ? bbox[2] : Math.min(right, image.width()) - left,
        top == bbox[1] && bottom <= image.height()
            ? bbox[3]
            : Math.min(bottom, image.height()) - top);
  }

  /** Whether a box ends more than a pixel beyond its image. */
  public static boolean isFar(CocoImage image, double[] bbox) {
    return Math.min(bbox[0], bbox[1]) < -1
        || bbox[0] + bbox[2] > image.width() + 1
        || bbox[1] + bbox[3] > image.height() + 1;
  }

  /** Left, upper, width and height of all corners. */
  static double[] around(Polygons polygons) {
    double[] least = {Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY};
    double[] most = {Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY};
    for (float[] ring : polygons.rings()) {
      for (int i = 0; i < ring.length; i++) {
        least[i % 2] = Math.min(least[i % 2], ring[i]);
        most[i % 2] = Math.max(most[i % 2], ring[i]);
      }
    }
    return new double[] {least[0], least[1], most[0] - least[0], most[1] - least[1]};
  }
}
