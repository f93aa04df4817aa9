package io.dropblock.detection;

import java.nio.FloatBuffer;

/**
 * What a network is to learn of the objects in an image: the class of each anchor, and its box
 * code.
 *
 * @param anchors all anchors
 * @param threshold overlap from which on an anchor is an object's
 */
public record AnchorMatcher(Anchors anchors, double threshold) {
  /** The reference's: 0.5. */
  public static final double REFERENCE_THRESHOLD = .5;

  /** Numbers of an anchor that its box is learned from. */
  public static final int NUMBERS = 5;

  /**
   * Matches an image.
   *
   * @param boxes of the objects
   * @param labels of the objects, at least 0
   * @param classes gets {@code count} numbers from {@code classesAt} on: the label of the object
   *     that the anchor belongs to, or -1
   * @param codes gets {@code 5 * count} numbers from {@code codesAt} on: 1 and the box code where
   *     the anchor belongs to an object, else five times 0
   * @return how many anchors belong to an object
   */
  public int match(
      float[] boxes,
      int[] labels,
      FloatBuffer classes,
      int classesAt,
      FloatBuffer codes,
      int codesAt) {
    throw new UnsupportedOperationException();
  }
}
