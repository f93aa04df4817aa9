package io.dropblock.detection;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;

/**
 * From a network's outputs to detections: the best pairs of anchor and class, their boxes,
 * suppression class by class. Not thread-safe.
 *
 * <p>As {@code _generate_detections} in {@code tensorflow/tpu:
 * models/official/retinanet/anchors.py}: the best pairs by logit, {@code sigmoid(logit)} as score,
 * greedy suppression class by class with sides a pixel longer, the best over all classes. What
 * differs: boxes are clipped to the image before suppression, and those without area go, which the
 * reference leaves to whoever reads the detections; of equal scores the lower anchor, then the
 * lower class comes first, where the reference's order is that of an unstable sort; and there are
 * no dummies if fewer are found.
 */
public final class Detector {
  private static final int BLOCK = 4096;

  private final Anchors anchors;
  private final int classes;
  private final DetectionSettings settings;
  private final TopCandidates candidates;
  private final NonMaximumSuppression suppression;
  private final int most;
  private final float[] scores;
  private final int[] labels;

  /**
   * @param anchors all anchors
   * @param classes of the network's outputs, at least 1
   * @throws IllegalArgumentException if {@code classes} is below 1, or {@code count * classes} is
   *     no int
   */
  public Detector(Anchors anchors, int classes, DetectionSettings settings) {
    long pairs = (long) anchors.count() * classes;
    if (classes < 1 || pairs > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot detect objects of %d classes at %d anchors",
              classes,
              anchors.count()));
    }
    this.anchors = anchors;
    this.classes = classes;
    this.settings = settings;
    candidates = new TopCandidates(settings.candidates(), (int) pairs);
    most = (int) Math.min(Math.min(settings.most(), settings.candidates()), pairs);
    suppression = new NonMaximumSuppression(classes, most, settings.overlap());
    scores = new float[most];
    labels = new int[most];
  }

  /**
   * Finds the objects of an image. Outputs that are not finite are no detections: ask {@link
   * #isFinite} before, for all logits and codes. This method itself refuses what it would trip
   * over: NaN and positive infinity anywhere among the logits, and codes that are not finite of the
   * candidates it needs. A logit of negative infinity is never found.
   *
   * @param logits {@code count * classes} numbers from {@code logitsAt} on
   * @param codes {@code 4 * count} box codes from {@code codesAt} on
   * @param rows of the square that the image covers, above 0; boxes are clipped to them
   * @param columns likewise
   * @throws IllegalArgumentException if an output is not finite, as said, or rows or columns are no
   *     finite number above 0
   * @throws IndexOutOfBoundsException if a buffer is too short
   */
  public Detections detect(
      FloatBuffer logits,
      int logitsAt,
      FloatBuffer codes,
      int codesAt,
      double rows,
      double columns) {
    if (!(rows > 0 && columns > 0 && rows + columns < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "Cannot detect objects: in an image of %s x %s", columns, rows));
    }
    Objects.checkFromIndexSize(codesAt, BoxCode.LENGTH * anchors.count(), codes.limit());
    int found = candidates.find(logits, logitsAt);
    float[] box = new float[4];
    suppression.clear();
    // The best first: what comes later changes nothing of what stayed.
    for (int rank = 0; rank < found && suppression.count() < most; rank++) {
      double score = 1 / (1 + Math.exp(-candidates.number(rank)));
      if (score < settings.least()) {
        break;
      }
      int anchor = candidates.place(rank) / classes;
      int label = candidates.place(rank) % classes;
      int code = codesAt + BoxCode.LENGTH * anchor;
      checkFinite(codes, code, anchor);
      BoxCode.decode(codes, code, anchors.boxes(), 4 * anchor, rows, columns, box);
      if (BoxOverlap.area(box, 0) > 0 && suppression.add(box, label)) {
        scores[suppression.count() - 1] = (float) score;
        labels[suppression.count() - 1] = label;
      }
    }
    int count = suppression.count();
    return new Detections(
        suppression.boxes(), Arrays.copyOf(scores, count), Arrays.copyOf(labels, count));
  }

  private static void checkFinite(FloatBuffer codes, int at, int anchor) {
    for (int i = 0; i < BoxCode.LENGTH; i++) {
      if (!Float.isFinite(codes.get(at + i))) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "Cannot detect objects: number %d of the box code of anchor %d is %s",
                i,
                anchor,
                codes.get(at + i)));
      }
    }
  }

  /**
   * Whether all of some numbers are finite.
   *
   * @param numbers has them; its position stays
   * @param from place of the first
   * @param count how many; of none the answer is yes
   * @throws IndexOutOfBoundsException if the buffer is too short
   */
  public static boolean isFinite(FloatBuffer numbers, int from, int count) {
    Objects.checkFromIndexSize(from, count, numbers.limit());
    float[] block = new float[Math.min(BLOCK, count)];
    for (int place = 0; place < count; place += block.length) {
      int length = Math.min(block.length, count - place);
      numbers.get(from + place, block, 0, length);
      // 0 times a finite number is 0 or -0; of infinity and NaN it is NaN, and stays so.
      float sum = 0;
      for (int i = 0; i < length; i++) {
        sum += 0 * block[i];
      }
      if (sum != 0) {
        return false;
      }
    }
    return true;
  }
}
