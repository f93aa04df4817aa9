package io.dropblock.spark.data.image;

import java.util.Locale;
import java.util.Objects;

/**
 * Where the labels of a square go: those of its pixels {@code 0, stride, 2 * stride, ...} in both
 * directions.
 *
 * @param labels receives {@code side(size) * side(size)} unsigned bytes, rows from the top
 * @param offset of the first one
 * @param stride 1 for all pixels, or what the network's output has
 */
public record LabelPlane(byte[] labels, int offset, int stride) {
  /** Checks the ranges. */
  public LabelPlane {
    Objects.requireNonNull(labels, "labels is null");
    if (offset < 0 || stride < 1) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "Invalid plane: offset %d, stride %d", offset, stride));
    }
  }

  /** Labels in a row of a square with that many pixels in a row. */
  public static int side(int size, int stride) {
    return (size + stride - 1) / stride;
  }
}
