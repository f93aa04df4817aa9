package io.dropblock.spark.bench.averaging;

import io.dropblock.spark.ring.WireFormat;

/**
 * What is measured.
 *
 * @param elements floats of the array, at least 1
 * @param wire how they travel in the ring; the bare transfer moves as many bytes
 * @param warmUpRounds not measured, at least 0
 * @param rounds measured, at least 1
 */
public record AveragingCase(int elements, WireFormat wire, int warmUpRounds, int rounds) {
  public AveragingCase {
    if (elements < 1 || warmUpRounds < 0 || rounds < 1) {
      throw new IllegalArgumentException(
          "Cannot measure %d rounds, %d before them, of %d elements"
              .formatted(rounds, warmUpRounds, elements));
    }
  }

  /** Bytes that each of two ranks sends, and receives, in a round: one array. */
  long bytesEachWay() {
    return (long) elements * (wire == WireFormat.BFLOAT16 ? Short.BYTES : Float.BYTES);
  }
}
