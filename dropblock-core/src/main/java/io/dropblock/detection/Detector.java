package io.dropblock.detection;

import java.nio.FloatBuffer;

/**
 * From a network's outputs to detections: the best pairs of anchor and class, their boxes,
 * suppression class by class. Not thread-safe.
 */
public final class Detector {
  /**
   * @param anchors all anchors
   * @param classes of the network's outputs
   */
  public Detector(Anchors anchors, int classes, DetectionSettings settings) {
    throw new UnsupportedOperationException();
  }

  /**
   * Finds the objects of an image.
   *
   * @param logits {@code count * classes} numbers from {@code logitsAt} on
   * @param codes {@code 4 * count} box codes from {@code codesAt} on
   * @param rows of the square that the image covers; boxes are clipped to them
   * @param columns likewise
   */
  public Detections detect(
      FloatBuffer logits,
      int logitsAt,
      FloatBuffer codes,
      int codesAt,
      double rows,
      double columns) {
    throw new UnsupportedOperationException();
  }
}
