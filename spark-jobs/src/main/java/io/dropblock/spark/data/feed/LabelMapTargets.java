package io.dropblock.spark.data.feed;

import java.util.Locale;

/**
 * One class a pixel.
 *
 * @param labels {@code size * side * side} unsigned bytes in the order NHW: class indices, or 255
 *     for void
 * @param size number of images
 * @param side labels in a row of each map: pixels of the square by the stride, rounded up
 */
public record LabelMapTargets(byte[] labels, int size, int side) implements Targets {
  /** Checks that the array fits. */
  public LabelMapTargets {
    if (labels.length != (long) size * side * side) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Invalid label maps: %d bytes for %d x %d x %d",
              labels.length,
              size,
              side,
              side));
    }
  }
}
