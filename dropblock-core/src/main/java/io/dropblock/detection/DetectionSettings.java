package io.dropblock.detection;

import java.io.Serializable;
import java.util.Locale;

/**
 * How detections are made of a network's outputs.
 *
 * @param candidates how many pairs of anchor and class are looked at, the best; at least 1
 * @param overlap above which the worse of two boxes of one class goes, 0 to 1
 * @param least score of a detection, 0 to below 1
 * @param most detections of an image, at least 1
 */
public record DetectionSettings(int candidates, double overlap, double least, int most)
    implements Serializable {
  /** Those of {@code tensorflow/tpu: models/official/retinanet/anchors.py}. */
  public static final DetectionSettings REFERENCE = new DetectionSettings(5000, .5, 0, 100);

  /** Checks the ranges. */
  public DetectionSettings {
    if (candidates < 1
        || !(overlap >= 0 && overlap <= 1)
        || !(least >= 0 && least < 1)
        || most < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Invalid detections: %d candidates, overlap %s, least score %s, at most %d",
              candidates,
              overlap,
              least,
              most));
    }
  }
}
