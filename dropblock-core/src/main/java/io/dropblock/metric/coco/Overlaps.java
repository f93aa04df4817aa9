package io.dropblock.metric.coco;

/** How far boxes lie on each other. */
final class Overlaps {
  private Overlaps() {}

  /**
   * Intersection over union of each detection with each object; of a crowd, the share of the
   * detection that lies in it. 0 where they do not meet.
   *
   * @param detections indices of found objects
   * @param objects indices of true objects
   * @return [detections, objects]
   */
  static double[] of(FoundObjects found, int[] detections, TrueObjects truth, int[] objects) {
    double[] overlaps = new double[detections.length * objects.length];
    for (int d = 0; d < detections.length; d++) {
      for (int o = 0; o < objects.length; o++) {
        overlaps[d * objects.length + o] =
            of(
                found.boxes(),
                4 * detections[d],
                truth.boxes(),
                4 * objects[o],
                truth.crowds()[objects[o]]);
      }
    }
    return overlaps;
  }

  private static double of(double[] found, int d, double[] truth, int o, boolean crowd) {
    double width =
        Math.min(found[d] + found[d + 2], truth[o] + truth[o + 2]) - Math.max(found[d], truth[o]);
    double height =
        Math.min(found[d + 1] + found[d + 3], truth[o + 1] + truth[o + 3])
            - Math.max(found[d + 1], truth[o + 1]);
    if (width <= 0 || height <= 0) {
      return 0;
    }
    double both = width * height;
    double area = found[d + 2] * found[d + 3];
    return both / (crowd ? area : area + truth[o + 2] * truth[o + 3] - both);
  }
}
