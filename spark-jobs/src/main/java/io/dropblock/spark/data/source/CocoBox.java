package io.dropblock.spark.data.source;

import io.dropblock.spark.data.annotation.Box;

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
      throw new CocoFlaw("its box of %s x %s pixels has no area".formatted(bbox[2], bbox[3]));
    }
    double left = Math.max(0, bbox[0]);
    double top = Math.max(0, bbox[1]);
    double right = Math.min(image.width(), bbox[0] + bbox[2]);
    double bottom = Math.min(image.height(), bbox[1] + bbox[3]);
    if (!(left < right && top < bottom)) {
      throw new CocoFlaw(
          "its box of %s x %s pixels at (%s, %s) lies outside of the image of %d x %d"
              .formatted(bbox[2], bbox[3], bbox[0], bbox[1], image.width(), image.height()));
    }
    return new Box(
        left,
        top,
        left == bbox[0] && right < image.width() ? bbox[2] : length(left, right),
        top == bbox[1] && bottom < image.height() ? bbox[3] : length(top, bottom));
  }

  /** From a start to an end, rounded so that the sum of both is not beyond the end. */
  private static double length(double start, double end) {
    double length = end - start;
    return start + length > end ? Math.nextDown(length) : length;
  }
}
