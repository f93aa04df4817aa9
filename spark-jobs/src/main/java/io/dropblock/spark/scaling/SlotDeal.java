package io.dropblock.spark.scaling;

/**
 * How ranks share the slots of a step out: each has some that follow each other, and none has two
 * more than another.
 *
 * @param slots of a step, at least as many as ranks
 * @param world number of ranks, at least 1
 */
record SlotDeal(int slots, int world) {
  SlotDeal {
    Positive.atLeast("number of ranks", world, 1);
    if (slots < world) {
      throw new IllegalArgumentException(
          "Invalid number of ranks: " + world + " cannot share " + slots + " slots out");
    }
  }

  /** Slots of a rank, the most of them. */
  int most() {
    return (slots + world - 1) / world;
  }

  /** Slots that all ranks but the first have, the fewest of them. */
  int behindFirst() {
    return slots - most();
  }
}
