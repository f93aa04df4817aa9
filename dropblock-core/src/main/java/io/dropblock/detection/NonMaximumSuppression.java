package io.dropblock.detection;

import java.util.Arrays;

/**
 * Of boxes that come the best first, those that no better one of the same class that stayed
 * overlaps too much. Not thread-safe.
 *
 * <p>Overlap is intersection over union of boxes that hold their last row and column of pixels, so
 * each side, that of the intersection, too, is 1 longer than {@code y1 - y0}: so does the reference
 * ({@code nms} in {@code tensorflow/tpu: models/official/retinanet/anchors.py}, from Fast R-CNN's),
 * though the anchors there, as here, are matched without that pixel. So a box without area has area
 * 1 here, and boxes that touch overlap.
 */
final class NonMaximumSuppression {
  private static final int PIXEL = 1;

  private final double most;
  private final float[] boxes;
  private final double[] areas;
  // Chains of the boxes of a class: the last one, and for each that before; -1 for none.
  private final int[] last;
  private final int[] previous;
  private int count;

  /**
   * @param classes how many there are
   * @param room how many boxes may stay
   * @param most overlap with which a box stays, 0 to 1
   */
  NonMaximumSuppression(int classes, int room, double most) {
    this.most = most;
    boxes = new float[4 * room];
    areas = new double[room];
    last = new int[classes];
    previous = new int[room];
    clear();
  }

  /** Forgets all boxes. */
  void clear() {
    Arrays.fill(last, -1);
    count = 0;
  }

  /**
   * Keeps a box unless a better one overlaps it too much.
   *
   * @param box four finite numbers, not better than the box before
   * @param label its class
   * @return whether it stays
   */
  boolean add(float[] box, int label) {
    double area = ((double) box[2] - box[0] + PIXEL) * ((double) box[3] - box[1] + PIXEL);
    for (int other = last[label]; other >= 0; other = previous[other]) {
      if (overlap(box, area, other) > most) {
        return false;
      }
    }
    System.arraycopy(box, 0, boxes, 4 * count, 4);
    areas[count] = area;
    previous[count] = last[label];
    last[label] = count++;
    return true;
  }

  private double overlap(float[] box, double area, int other) {
    int at = 4 * other;
    double height = (double) Math.min(box[2], boxes[at + 2]) - Math.max(box[0], boxes[at]) + PIXEL;
    double width =
        (double) Math.min(box[3], boxes[at + 3]) - Math.max(box[1], boxes[at + 1]) + PIXEL;
    if (height <= 0 || width <= 0) {
      return 0;
    }
    double both = height * width;
    return both / (area + areas[other] - both);
  }

  /** How many stayed. */
  int count() {
    return count;
  }

  /** A copy of the boxes that stayed, the best first. */
  float[] boxes() {
    return Arrays.copyOf(boxes, 4 * count);
  }
}
