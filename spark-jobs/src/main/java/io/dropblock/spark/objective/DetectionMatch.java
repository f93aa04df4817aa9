package io.dropblock.spark.objective;

import io.dropblock.metric.coco.FoundObjects;
import io.dropblock.metric.coco.TrueObjects;

/**
 * How what was found in an image fits what is in it. Of what was found with a score of at least
 * {@link DetectionMarks#LEAST_SCORE}, the surest first, each takes the true object of its class
 * that it overlaps most and nobody took, if their intersection over union is at least {@value
 * #OVERLAP}. What takes none is wrong, unless as much of it lies in a crowd of its class; a crowd
 * is nothing to find.
 *
 * @param found true objects that were taken
 * @param missed true objects that were not
 * @param wrong detections that took none
 */
record DetectionMatch(int found, int missed, int wrong) {
  static final double OVERLAP = .5;

  /**
   * Compares.
   *
   * @param detections the surest first
   */
  static DetectionMatch of(TrueObjects truth, FoundObjects detections) {
    boolean[] taken = new boolean[truth.size()];
    int found = 0;
    int wrong = 0;
    for (int i = 0;
        i < detections.size() && detections.scores()[i] >= DetectionMarks.LEAST_SCORE;
        i++) {
      int most = most(truth, detections, i, taken);
      if (most >= 0) {
        taken[most] = true;
        found++;
      } else if (!isInCrowd(truth, detections, i)) {
        wrong++;
      }
    }
    int objects = 0;
    for (boolean crowd : truth.crowds()) {
      objects += crowd ? 0 : 1;
    }
    return new DetectionMatch(found, objects - found, wrong);
  }

  /** The F1 score of the image: 1 where all is found and nothing else, and where nothing is. */
  double f1() {
    int all = 2 * found + missed + wrong;
    return all == 0 ? 1 : 2.0 * found / all;
  }

  private static int most(TrueObjects truth, FoundObjects detections, int i, boolean[] taken) {
    int most = -1;
    double overlap = 0;
    for (int j = 0; j < taken.length; j++) {
      boolean free = !taken[j] && !truth.crowds()[j];
      if (free && truth.categories()[j] == detections.categories()[i]) {
        double share = share(detections, i, truth, j);
        if (most < 0 ? share >= OVERLAP : share > overlap) {
          most = j;
          overlap = share;
        }
      }
    }
    return most;
  }

  private static boolean isInCrowd(TrueObjects truth, FoundObjects detections, int i) {
    for (int j = 0; j < truth.size(); j++) {
      if (truth.crowds()[j]
          && truth.categories()[j] == detections.categories()[i]
          && both(detections, i, truth, j) >= OVERLAP * area(detections.boxes(), i)) {
        return true;
      }
    }
    return false;
  }

  /** Intersection over union. */
  private static double share(FoundObjects found, int i, TrueObjects truth, int j) {
    double both = both(found, i, truth, j);
    return both == 0 ? 0 : both / (area(found.boxes(), i) + area(truth.boxes(), j) - both);
  }

  private static double both(FoundObjects found, int i, TrueObjects truth, int j) {
    return common(found.boxes(), 4 * i, truth.boxes(), 4 * j)
        * common(found.boxes(), 4 * i + 1, truth.boxes(), 4 * j + 1);
  }

  private static double common(double[] a, int i, double[] b, int j) {
    return Math.max(0, Math.min(a[i] + a[i + 2], b[j] + b[j + 2]) - Math.max(a[i], b[j]));
  }

  private static double area(double[] boxes, int i) {
    return boxes[4 * i + 2] * boxes[4 * i + 3];
  }
}
