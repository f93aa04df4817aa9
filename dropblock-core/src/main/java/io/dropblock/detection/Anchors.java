package io.dropblock.detection;

import io.dropblock.detection.AnchorSettings.Aspect;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * All anchors of a square image, in the order of the network's outputs: level after level, row by
 * row, position by position; at a position size by size, in each size aspect by aspect ({@code
 * tensorflow/tpu: models/official/retinanet/anchors.py}). The centres of a level are at {@code
 * stride / 2 + k stride}. A level has {@code size / stride} positions a row, rounded up. Anchors
 * are not clipped: those near the border reach out of the image.
 *
 * <p>The reference refuses sizes that are not multiples of the coarsest stride. Here they have as
 * many positions as convolutions that round up give, of which the last may lie outside the square.
 * Thread-safe as long as nobody writes to the boxes.
 */
public final class Anchors {
  private final int perPosition;
  private final List<AnchorLevel> levels;
  private final float[] boxes;

  /**
   * Lays all anchors.
   *
   * @param settings of every position
   * @param size side of the square, pixels, at least 1
   * @param strides of the levels, the finest first: pixels of the image for one position
   * @throws IllegalArgumentException if the size or a stride is below 1, there is no stride, one is
   *     not greater than that before, or there are more anchors, or greater ones, than fit
   */
  public Anchors(AnchorSettings settings, int size, List<Integer> strides) {
    check(size, strides);
    perPosition = settings.perPosition();
    List<AnchorLevel> all = new ArrayList<>();
    long count = 0;
    for (int stride : strides) {
      double largest = side(settings, stride, settings.octaves() - 1);
      int positions = (int) (((long) size + stride - 1) / stride);
      double reachY = settings.aspects().stream().mapToDouble(Aspect::height).max().orElseThrow();
      double reachX = settings.aspects().stream().mapToDouble(Aspect::width).max().orElseThrow();
      all.add(
          new AnchorLevel(
              (int) count, stride, positions, reachY * largest / 2, reachX * largest / 2));
      count += (long) positions * positions * perPosition;
      if (count > Integer.MAX_VALUE / 4) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "Cannot lay anchors: a square of %d pixels has too many for strides %s",
                size,
                strides));
      }
    }
    levels = List.copyOf(all);
    boxes = new float[(int) count * 4];
    for (AnchorLevel level : levels) {
      lay(settings, level);
    }
  }

  private static void check(int size, List<Integer> strides) {
    boolean valid = size >= 1 && !strides.isEmpty() && strides.get(0) >= 1;
    for (int level = 1; level < strides.size(); level++) {
      valid &= strides.get(level) > strides.get(level - 1);
    }
    if (!valid) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot lay anchors: a square of %d pixels with strides %s",
              size,
              strides));
    }
  }

  private static double side(AnchorSettings settings, int stride, int octave) {
    return settings.scale() * stride * Math.pow(2, (double) octave / settings.octaves());
  }

  private void lay(AnchorSettings settings, AnchorLevel level) {
    int kind = 0;
    for (int octave = 0; octave < settings.octaves(); octave++) {
      double side = side(settings, level.stride(), octave);
      for (Aspect aspect : settings.aspects()) {
        lay(level, kind++, side * aspect.height() / 2, side * aspect.width() / 2);
      }
    }
  }

  private void lay(AnchorLevel level, int kind, double halfHeight, double halfWidth) {
    if (!Float.isFinite((float) halfHeight) || !Float.isFinite((float) halfWidth)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot lay anchors: one of %s x %s pixels is too great",
              2 * halfWidth,
              2 * halfHeight));
    }
    int at = 4 * (level.first() + kind);
    for (int row = 0; row < level.side(); row++) {
      double y = level.stride() * (row + .5);
      for (int column = 0; column < level.side(); column++) {
        double x = level.stride() * (column + .5);
        boxes[at] = (float) (y - halfHeight);
        boxes[at + 1] = (float) (x - halfWidth);
        boxes[at + 2] = (float) (y + halfHeight);
        boxes[at + 3] = (float) (x + halfWidth);
        at += 4 * perPosition;
      }
    }
  }

  /** Number of anchors. */
  public int count() {
    return boxes.length / 4;
  }

  /** Their boxes, {@code 4 * count} numbers; not copied, not to be written to. */
  public float[] boxes() {
    return boxes;
  }

  /** Anchors of a position. */
  int perPosition() {
    return perPosition;
  }

  /** The levels, in order. */
  List<AnchorLevel> levels() {
    return levels;
  }
}
