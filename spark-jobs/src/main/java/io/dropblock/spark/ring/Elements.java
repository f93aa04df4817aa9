package io.dropblock.spark.ring;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;

/**
 * An array that is averaged, and the staging buffer where what a neighbour sends arrives. Indices
 * count elements: of the array from its position, of the staging buffer from 0.
 */
sealed interface Elements permits FloatElements, DoubleElements, RoundedElements {
  /**
   * Checks an array from outside.
   *
   * @param what is to be done with it, for the message: {@code average}
   */
  static void require(String what, ByteBuffer array, int elementBytes) {
    if (!array.isDirect() || array.isReadOnly() || array.order() != ByteOrder.nativeOrder()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot %s %s in %s: a direct, writable buffer in native byte order is needed",
              what,
              array,
              array.order()));
    }
    if (array.remaining() % elementBytes != 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot %s %d bytes: not a multiple of %d",
              what,
              array.remaining(),
              elementBytes));
    }
  }

  int count();

  /** Bytes of an element in the array. */
  int bytes();

  /** Bytes of an element on the wire and in the staging buffer. */
  default int wireBytes() {
    return bytes();
  }

  /** {@code array[at + i] += staging[staged + i]} for {@code i < n}. */
  void add(int at, int staged, int n);

  /** {@code array[at + i] = (array[at + i] + staging[staged + i]) / world} for {@code i < n}. */
  void addAndDivide(int at, int staged, int n, int world);
}
