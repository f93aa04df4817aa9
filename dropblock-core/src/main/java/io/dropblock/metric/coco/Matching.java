package io.dropblock.metric.coco;

/**
 * Which detections of one category in one image are right: at each overlap and in each range of
 * areas the surest first, each takes the free object on which it lies best. Objects that do not
 * count are crowds and those outside of the range; a detection takes one only where no object that
 * counts is left for it, and then does not count either, and a crowd may be taken by many. A
 * detection that takes nothing is wrong, but does not count where its box is outside of the range.
 *
 * <p>Source: {@code cocodataset/cocoapi: PythonAPI/pycocotools/cocoeval.py}, {@code evaluateImg}.
 */
final class Matching {
  private static final double MAX_THRESHOLD = 1 - 1e-10;

  private final FoundObjects found;
  private final int[] detections;
  private final TrueObjects truth;
  private final int[] objects;
  private final double[] overlaps;
  private final long[] right;
  private final long[] wrong;
  private final int[] counted = new int[AreaRange.values().length];

  /**
   * Matches them.
   *
   * @param detections indices of found objects of the category, the surest first
   * @param objects indices of the true ones
   */
  Matching(FoundObjects found, int[] detections, TrueObjects truth, int[] objects) {
    this.found = found;
    this.detections = detections;
    this.truth = truth;
    this.objects = objects;
    overlaps = Overlaps.of(found, detections, truth, objects);
    right = new long[detections.length];
    wrong = new long[detections.length];
    for (AreaRange range : AreaRange.values()) {
      match(range);
    }
  }

  /** The bit of an overlap, by its index, in a range. */
  static long bit(AreaRange range, int overlap) {
    return 1L << (range.ordinal() * Thresholds.OVERLAPS.length + overlap);
  }

  /** Of each detection the bits where it counts as right. */
  long[] right() {
    return right;
  }

  /** Of each detection the bits where it counts as wrong. */
  long[] wrong() {
    return wrong;
  }

  /** How many objects count in each range. */
  int[] counted() {
    return counted;
  }

  private void match(AreaRange range) {
    int[] sorted = countedFirst(range);
    int countedHere = counted[range.ordinal()];
    for (int t = 0; t < Thresholds.OVERLAPS.length; t++) {
      double threshold = Math.min(Thresholds.OVERLAPS[t], MAX_THRESHOLD);
      boolean[] taken = new boolean[sorted.length];
      for (int d = 0; d < detections.length; d++) {
        int match = best(d, threshold, sorted, countedHere, taken);
        if (match >= 0) {
          taken[match] = true;
          right[d] |= match < countedHere ? bit(range, t) : 0;
        } else if (range.contains(area(d))) {
          wrong[d] |= bit(range, t);
        }
      }
    }
  }

  /** Places of the objects, those that count first, else in their order. */
  private int[] countedFirst(AreaRange range) {
    int[] sorted = new int[objects.length];
    int size = 0;
    for (int pass = 0; pass < 2; pass++) {
      for (int o = 0; o < objects.length; o++) {
        boolean counts = !truth.crowds()[objects[o]] && range.contains(truth.areas()[objects[o]]);
        if (counts == (pass == 0)) {
          sorted[size++] = o;
        }
      }
      counted[range.ordinal()] = pass == 0 ? size : counted[range.ordinal()];
    }
    return sorted;
  }

  /** The object that a detection takes, by its place among the sorted ones; -1 for none. */
  private int best(int d, double threshold, int[] sorted, int countedHere, boolean[] taken) {
    double most = threshold;
    int best = -1;
    for (int i = 0; i < sorted.length; i++) {
      if (i == countedHere && best >= 0) {
        break;
      }
      boolean free = !taken[i] || truth.crowds()[objects[sorted[i]]];
      double overlap = overlaps[d * objects.length + sorted[i]];
      // Of equal ones the last
      if (free && overlap >= most) {
        most = overlap;
        best = i;
      }
    }
    return best;
  }

  private double area(int d) {
    return found.boxes()[4 * detections[d] + 2] * found.boxes()[4 * detections[d] + 3];
  }
}
