package io.dropblock.spark.data.image;

import java.io.Serializable;
import java.util.Locale;
import java.util.random.RandomGenerator;

/**
 * How images for detection and segmentation vary in training (TPU {@code retinanet/dataloader.py}):
 * mirrored or not, the long side uniform in {@code [minScale, maxScale)} times the side of the
 * square that the network sees, and cut at a uniform place where larger than that. Random numbers
 * are drawn in the order mirror, scale, y, x, each only where there is something to draw.
 *
 * <p>Differs from the reference: places reach the last row and column, which the reference's never
 * do.
 *
 * @param flip whether to mirror left to right with probability 1/2
 * @param minScale above 0
 * @param maxScale at least {@code minScale}, at most 8
 */
public record Jitter(boolean flip, double minScale, double maxScale) implements Serializable {
  /** The long side is the square's, and nothing is drawn. */
  public static final Jitter NONE = new Jitter(false, 1, 1);

  /** Checks the ranges. */
  public Jitter {
    if (!(minScale > 0 && minScale <= maxScale && maxScale <= 8)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Invalid jitter: scales from %s to %s are not within 0 to 8",
              minScale,
              maxScale));
    }
  }

  Placement draw(int width, int height, int size, RandomGenerator random) {
    boolean mirror = flip && random.nextBoolean();
    double scale =
        minScale < maxScale ? minScale + random.nextDouble() * (maxScale - minScale) : minScale;
    Placement placement =
        Placement.scaled(width, height, size, Math.max(1, (int) (scale * size)), mirror);
    int top = place(placement.scaledHeight() - size, random);
    int left = place(placement.scaledWidth() - size, random);
    return placement.cut(left, top);
  }

  private static int place(int free, RandomGenerator random) {
    return free > 0 ? random.nextInt(free + 1) : 0;
  }
}
