package io.dropblock.detection;

import java.nio.FloatBuffer;

/**
 * A box as seen from an anchor, in four numbers {@code ty, tx, th, tw}: how far its centre is from
 * the anchor's, in heights and widths of the anchor, and the logarithms of its height and width
 * over the anchor's (Ren et al., Faster R-CNN, section 3.1.2, without scale factors, as in {@code
 * tensorflow/tpu: models/official/retinanet/object_detection/faster_rcnn_box_coder.py}). Computed
 * in doubles, kept in floats.
 */
final class BoxCode {
  /** Numbers of a code. */
  static final int LENGTH = 4;

  /** Pixels that the encoder adds to each side, so that an empty box has a code, too. */
  private static final double EPSILON = 1e-8;

  private BoxCode() {}

  /**
   * Writes the code of a box. A side of 0 pixels gives a finite logarithm, about -22 for an anchor
   * of 32 pixels.
   *
   * @param boxes boxes that do not end before they begin
   * @param box place of the first number of the box
   * @param anchors boxes
   * @param anchor place of the first number of the anchor
   * @param codes gets four numbers
   * @param at place of the first of them
   */
  static void encode(
      float[] boxes, int box, float[] anchors, int anchor, FloatBuffer codes, int at) {
    for (int axis = 0; axis < 2; axis++) {
      double from = boxes[box + axis];
      double to = boxes[box + 2 + axis];
      double anchorFrom = anchors[anchor + axis];
      double anchorTo = anchors[anchor + 2 + axis];
      double side = anchorTo - anchorFrom + EPSILON;
      codes.put(at + axis, (float) ((from + to - anchorFrom - anchorTo) / 2 / side));
      codes.put(at + 2 + axis, (float) Math.log((to - from + EPSILON) / side));
    }
  }

  /**
   * Reads the box of a code and cuts off what is outside the image. A side too long for a number
   * reaches over the whole image; a box that is outside altogether is one without area.
   *
   * @param codes codes of finite numbers
   * @param at place of the first number of the code
   * @param anchors boxes
   * @param anchor place of the first number of the anchor
   * @param rows height of the image, pixels
   * @param columns width of the image, pixels
   * @param box gets the four numbers of the box, all finite
   */
  static void decode(
      FloatBuffer codes,
      int at,
      float[] anchors,
      int anchor,
      double rows,
      double columns,
      float[] box) {
    for (int axis = 0; axis < 2; axis++) {
      double anchorFrom = anchors[anchor + axis];
      double anchorTo = anchors[anchor + 2 + axis];
      double side = anchorTo - anchorFrom;
      double centre = codes.get(at + axis) * side + (anchorFrom + anchorTo) / 2;
      double half = Math.exp(codes.get(at + 2 + axis)) * side / 2;
      double end = axis == 0 ? rows : columns;
      box[axis] = (float) Math.min(Math.max(centre - half, 0), end);
      box[2 + axis] = (float) Math.min(Math.max(centre + half, 0), end);
    }
  }
}
