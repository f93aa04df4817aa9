package io.dropblock.detection;

/**
 * Area of boxes, and intersection over union of two, on the real plane: a box from 0 to 1 has side
 * 1. In doubles. The reference ({@code tensorflow/tpu:
 * models/official/retinanet/object_detection/region_similarity_calculator.py}) computes in floats,
 * so the last digits differ.
 *
 * <p>A box that ends where it begins, or before, has area 0 and overlaps nothing, not even itself.
 */
final class BoxOverlap {
  private BoxOverlap() {}

  /**
   * Area of a box.
   *
   * @param boxes boxes of finite numbers
   * @param at place of its first number
   * @return square pixels, at least 0
   */
  static double area(float[] boxes, int at) {
    double height = (double) boxes[at + 2] - boxes[at];
    double width = (double) boxes[at + 3] - boxes[at + 1];
    return height > 0 && width > 0 ? height * width : 0;
  }

  /**
   * Intersection over union of two boxes.
   *
   * @param boxes boxes of finite numbers
   * @param i place of the first number of one
   * @param others boxes of finite numbers, may be the same array
   * @param j place of the first number of the other
   * @return 0 to 1
   */
  static double of(float[] boxes, int i, float[] others, int j) {
    double height = (double) Math.min(boxes[i + 2], others[j + 2]) - Math.max(boxes[i], others[j]);
    double width =
        (double) Math.min(boxes[i + 3], others[j + 3]) - Math.max(boxes[i + 1], others[j + 1]);
    if (!(height > 0 && width > 0)) {
      return 0;
    }
    double both = height * width;
    return both / (area(boxes, i) + area(others, j) - both);
  }
}
