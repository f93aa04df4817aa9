package io.dropblock.spark.ring;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;

/**
 * The arrays of a rank, all of one length, that go into a sum one after the other. The sum takes
 * the place of the last one. Indices count elements: of the arrays from their positions, of the
 * staging buffer, where the sum of the ranks before arrives, from 0.
 */
sealed interface Summands permits FloatSummands, DoubleSummands {
  /** Checks arrays from outside. */
  static void require(List<ByteBuffer> own, int elementBytes) {
    if (own.isEmpty()) {
      throw new IllegalArgumentException("Cannot sum no array: each rank needs at least one");
    }
    for (ByteBuffer array : own) {
      Elements.require("sum", array, elementBytes);
      if (array.remaining() != own.get(0).remaining()) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "Cannot sum %d and %d bytes: arrays must be of one length",
                own.get(0).remaining(),
                array.remaining()));
      }
    }
  }

  /** Elements of an array. */
  int count();

  /** Bytes of an element. */
  int bytes();

  /** Adds up all arrays, each one to the sum of those before it. */
  void fold();

  /**
   * Adds elements of all arrays to a sum that begins elsewhere, array by array.
   *
   * @param at the first element
   * @param staged where the sum is in the staging buffer
   * @param n how many
   */
  void foldOnto(int at, int staged, int n);
}
