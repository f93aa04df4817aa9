package io.dropblock.metric.coco;

import java.util.stream.IntStream;

/**
 * Average precision and recall of one category.
 *
 * <p>Source: {@code cocodataset/cocoapi: PythonAPI/pycocotools/cocoeval.py}, {@code accumulate}.
 */
final class CategoryAverages {
  /** Detections of an image that count, the surest ones, where all of them do. */
  static final int MOST = 100;

  private final CategoryTally tally;
  private final CategoryTally.Arranged detections;
  private final int[] order;

  /** Of what was counted so far. */
  CategoryAverages(CategoryTally tally) {
    this.tally = tally;
    detections = tally.arranged();
    order = ByScore.order(detections.scores());
  }

  /** Whether there are objects to find in a range; else it has no averages. */
  boolean isIn(AreaRange range) {
    return tally.objects(range) > 0;
  }

  /** The mean over all overlaps. */
  double precision(AreaRange range) {
    return mean(overlap -> precision(range, overlap));
  }

  /**
   * The mean over all overlaps of the share of objects that is found.
   *
   * @param most detections of an image that count
   */
  double recall(AreaRange range, int most) {
    return mean(overlap -> recall(range, overlap, most));
  }

  private interface ByOverlap {
    double at(int overlap);
  }

  private static double mean(ByOverlap values) {
    return IntStream.range(0, Thresholds.OVERLAPS.length).mapToDouble(values::at).sum()
        / Thresholds.OVERLAPS.length;
  }

  private double recall(AreaRange range, int overlap, int most) {
    long bit = Matching.bit(range, overlap);
    long found = 0;
    for (int i = 0; i < order.length; i++) {
      if (detections.ranks()[i] < most && (detections.right()[i] & bit) != 0) {
        found++;
      }
    }
    return (double) found / tally.objects(range);
  }

  /**
   * The mean over the recalls of the highest precision that there is at that recall or a higher
   * one.
   */
  double precision(AreaRange range, int overlap) {
    long bit = Matching.bit(range, overlap);
    double[] recalls = new double[order.length];
    double[] precisions = new double[order.length];
    long right = 0;
    long wrong = 0;
    for (int i = 0; i < order.length; i++) {
      right += (detections.right()[order[i]] & bit) != 0 ? 1 : 0;
      wrong += (detections.wrong()[order[i]] & bit) != 0 ? 1 : 0;
      recalls[i] = (double) right / tally.objects(range);
      // As NumPy's spacing(1): 0 where neither is
      precisions[i] = right / (wrong + right + Math.ulp(1.));
    }
    for (int i = order.length - 1; i > 0; i--) {
      precisions[i - 1] = Math.max(precisions[i - 1], precisions[i]);
    }
    double sum = 0;
    int at = 0;
    for (double recall : Thresholds.RECALLS) {
      while (at < order.length && recalls[at] < recall) {
        at++;
      }
      sum += at < order.length ? precisions[at] : 0;
    }
    return sum / Thresholds.RECALLS.length;
  }
}
