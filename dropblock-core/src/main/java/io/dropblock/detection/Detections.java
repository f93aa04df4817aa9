package io.dropblock.detection;

/**
 * What was found in an image, the best first.
 *
 * @param boxes {@code y0, x0, y1, x1} of each, in pixels of the network's square; not copied
 * @param scores of each, 0 to 1; not copied
 * @param labels class of each; not copied
 */
public record Detections(float[] boxes, float[] scores, int[] labels) {
  /** How many. */
  public int count() {
    return labels.length;
  }
}
