package io.dropblock.metric.coco;

/** Where overlap and recall are looked at. */
final class Thresholds {
  /** Overlaps from which a detection is one of an object: .50, .55, ..., .95. */
  static final double[] OVERLAPS = evenly(.5, .95, 10);

  /** Index of overlap .50. */
  static final int HALF = 0;

  /** Index of overlap .75. */
  static final int THREE_QUARTERS = 5;

  /** Recalls at which precision is read: 0, .01, ..., 1. */
  static final double[] RECALLS = evenly(0, 1, 101);

  private Thresholds() {}

  /** To the bit as NumPy's linspace: 57 steps of 0.01 are a little more than 0.57. */
  private static double[] evenly(double from, double to, int count) {
    double step = (to - from) / (count - 1);
    double[] values = new double[count];
    for (int i = 0; i < count - 1; i++) {
      values[i] = i * step + from;
    }
    values[count - 1] = to;
    return values;
  }
}
