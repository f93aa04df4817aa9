package io.dropblock.spark.data.feed;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Locale;

/**
 * One class a pixel.
 *
 * @param labels {@code size * side * side} unsigned bytes in the order NHW: class indices, or 255
 *     for void
 * @param size number of images
 * @param side labels in a row of each map: pixels of the square by the stride, rounded up
 * @param numbers the labels as floats
 */
public record LabelMapTargets(byte[] labels, int size, int side, FloatBuffer numbers)
    implements Targets {
  /** Checks that the arrays fit. */
  public LabelMapTargets {
    if (labels.length != (long) size * side * side || numbers.capacity() != labels.length) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Invalid label maps: %d bytes, %d floats for %d x %d x %d",
              labels.length,
              numbers.capacity(),
              size,
              side,
              side));
    }
  }

  static LabelMapTargets of(byte[] labels, int size, int side) {
    FloatBuffer numbers = FeedMemory.SHARED.take(labels.length);
    for (int i = 0; i < labels.length; i++) {
      numbers.put(i, labels[i] & 0xFF);
    }
    return new LabelMapTargets(labels, size, side, numbers);
  }

  @Override
  public List<FloatBuffer> encoded() {
    return List.of(numbers);
  }
}
