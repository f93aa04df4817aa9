package io.dropblock.detection;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;

/**
 * What a network is to learn of the objects in an image: the class of each anchor, and its box
 * code.
 *
 * <p>An anchor belongs to the object that it overlaps most, the first of several that it overlaps
 * as much, if that overlap (intersection over union) is at least the threshold. Then each object
 * takes the anchor that it overlaps most, the first of several, whatever the overlap and whosever
 * it was; where several objects take one anchor, the first object has it. Every other anchor is
 * background: there is no band of anchors that count for nothing. That is {@code tensorflow/tpu:
 * models/official/retinanet/object_detection/argmax_matcher.py} with {@code
 * force_match_for_each_row}, except that an object that overlaps no anchor, such as one without
 * area, takes none here, but the very first anchor there.
 *
 * <p>Thread-safe; an image's overlaps are kept in arrays of the call.
 *
 * @param anchors all anchors
 * @param threshold overlap from which on an anchor is an object's, above 0, at most 1
 */
public record AnchorMatcher(Anchors anchors, double threshold) {
  /** The reference's: 0.5. */
  public static final double REFERENCE_THRESHOLD = .5;

  /** Numbers of an anchor that its box is learned from. */
  public static final int NUMBERS = 5;

  /** Checks the range. */
  public AnchorMatcher {
    Objects.requireNonNull(anchors);
    if (!(threshold > 0 && threshold <= 1)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "Invalid threshold of a match: %s is not above 0 to 1", threshold));
    }
  }

  /**
   * Matches an image. What the buffers held before does not matter; their positions stay.
   *
   * @param boxes of the objects; none is well, too: then all anchors are background
   * @param labels of the objects, at least 0
   * @param classes gets {@code count} numbers from {@code classesAt} on: the label of the object
   *     that the anchor belongs to, or -1
   * @param codes gets {@code 5 * count} numbers from {@code codesAt} on: 1 and the box code {@code
   *     ty, tx, th, tw} where the anchor belongs to an object, else five times 0
   * @return how many anchors belong to an object
   * @throws IllegalArgumentException if there are not four numbers of a box for each label, a label
   *     is negative, a number of a box is not finite, or a box ends before it begins
   * @throws IndexOutOfBoundsException if a buffer is too short
   */
  public int match(
      float[] boxes,
      int[] labels,
      FloatBuffer classes,
      int classesAt,
      FloatBuffer codes,
      int codesAt) {
    check(boxes, labels);
    int count = anchors.count();
    Objects.checkFromIndexSize(classesAt, count, classes.limit());
    Objects.checkFromIndexSize(codesAt, NUMBERS * count, codes.limit());
    int[] owners = owners(boxes, labels.length);
    int matched = 0;
    for (int anchor = 0; anchor < count; anchor++) {
      int owner = owners[anchor];
      int code = codesAt + NUMBERS * anchor;
      classes.put(classesAt + anchor, owner < 0 ? -1 : labels[owner]);
      if (owner < 0) {
        for (int i = 0; i < NUMBERS; i++) {
          codes.put(code + i, 0);
        }
      } else {
        codes.put(code, 1);
        BoxCode.encode(boxes, 4 * owner, anchors.boxes(), 4 * anchor, codes, code + 1);
        matched++;
      }
    }
    return matched;
  }

  private static void check(float[] boxes, int[] labels) {
    if (boxes.length != 4L * labels.length) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot match objects: %d numbers are not the boxes of %d",
              boxes.length,
              labels.length));
    }
    for (int object = 0; object < labels.length; object++) {
      float[] box = Arrays.copyOfRange(boxes, 4 * object, 4 * object + 4);
      boolean valid = labels[object] >= 0 && box[0] <= box[2] && box[1] <= box[3];
      for (float number : box) {
        valid &= Float.isFinite(number);
      }
      if (!valid) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "Cannot match object %d: label %d, box %s (y0, x0, y1, x1)",
                object,
                labels[object],
                Arrays.toString(box)));
      }
    }
  }

  /** The object that each anchor belongs to, -1 for none. */
  private int[] owners(float[] boxes, int objects) {
    int[] owners = new int[anchors.count()];
    double[] overlaps = new double[owners.length];
    int[] best = new int[objects];
    for (int object = 0; object < objects; object++) {
      best[object] = compare(boxes, object, owners, overlaps);
    }
    for (int anchor = 0; anchor < owners.length; anchor++) {
      if (overlaps[anchor] < threshold) {
        owners[anchor] = -1;
      }
    }
    for (int object = objects - 1; object >= 0; object--) {
      if (best[object] >= 0) {
        owners[best[object]] = object;
      }
    }
    return owners;
  }

  /**
   * Compares an object with all anchors that can overlap it, in their order, and takes those that
   * no earlier object overlaps as much. Returns the best anchor, -1 for none.
   */
  private int compare(float[] boxes, int object, int[] owners, double[] overlaps) {
    int best = -1;
    double most = 0;
    int box = 4 * object;
    int perPosition = anchors.perPosition();
    for (AnchorLevel level : anchors.levels()) {
      int columnFrom = level.columnFrom(boxes[box + 1]);
      int columnTo = level.columnTo(boxes[box + 3]);
      int rowTo = level.rowTo(boxes[box + 2]);
      for (int row = level.rowFrom(boxes[box]); row < rowTo; row++) {
        int inRow = level.first() + row * level.side() * perPosition;
        int to = inRow + columnTo * perPosition;
        for (int anchor = inRow + columnFrom * perPosition; anchor < to; anchor++) {
          double overlap = BoxOverlap.of(boxes, box, anchors.boxes(), 4 * anchor);
          if (overlap > overlaps[anchor]) {
            overlaps[anchor] = overlap;
            owners[anchor] = object;
          }
          if (overlap > most) {
            most = overlap;
            best = anchor;
          }
        }
      }
    }
    return best;
  }
}
