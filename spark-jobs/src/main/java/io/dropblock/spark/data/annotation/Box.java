package io.dropblock.spark.data.annotation;

import java.io.Serializable;
import java.util.Locale;

/**
 * A rectangle in the pixels of its image, of which the first covers 0 to 1.
 *
 * @param x left side
 * @param y upper side
 * @param width above 0
 * @param height above 0
 */
public record Box(double x, double y, double width, double height) implements Serializable {
  /** Checks that it is finite and has an area. */
  public Box {
    if (!Double.isFinite(x + width) || !Double.isFinite(y + height) || !(width > 0 && height > 0)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "Invalid box: %s x %s pixels at (%s, %s)", width, height, x, y));
    }
  }

  /** Right side. */
  public double right() {
    return x + width;
  }

  /** Lower side. */
  public double bottom() {
    return y + height;
  }
}
