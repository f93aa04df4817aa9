package io.dropblock.spark.scaling;

import io.dropblock.spark.ring.SumOrder;
import io.dropblock.spark.ring.WireFormat;

/**
 * What ranks add up in each step: a float a parameter.
 *
 * @param parameters at least 1; moving statistics count
 * @param wire how they travel
 * @param sum in which order they are added up, where they travel as they are
 */
public record Gradient(long parameters, WireFormat wire, SumOrder sum) {
  /**
   * @throws IllegalArgumentException if there are no parameters
   */
  public Gradient {
    Positive.atLeast("number of parameters", parameters, 1);
  }

  /** Bytes in memory. */
  double bytes() {
    return (double) Float.BYTES * parameters;
  }

  /** Bytes on the wire. */
  double wireBytes() {
    return (double) (wire == WireFormat.EXACT ? Float.BYTES : Short.BYTES) * parameters;
  }

  /** Whether they go from rank to rank, slot by slot, as {@code RingAveraging.sumsSlots} says. */
  boolean isChained() {
    return wire == WireFormat.EXACT && sum == SumOrder.SLOTS;
  }
}
