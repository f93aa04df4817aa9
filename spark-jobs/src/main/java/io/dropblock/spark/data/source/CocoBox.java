package io.dropblock.spark.data.source;

import io.dropblock.spark.data.annotation.Box;
import java.util.Locale;

/** The box of an annotation, checked against its image. */
final class CocoBox {
  private CocoBox() {}

  /**
   * The part of a box that lies in the image; many end a fraction of a pixel beyond it.
   *
   * @param bbox left, upper, width and height
   */
  static Box within(CocoImage image, double[] bbox) throws CocoFlaw {
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
}
