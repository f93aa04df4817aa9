package io.dropblock.spark.scaling;

/**
 * A global batch as slots.
 *
 * @param slots of a step
 * @param localBatch images of each
 */
public record SharedBatch(int slots, int localBatch) {

  /**
   * The fewest slots that give each rank one, and are not larger than a rank can compute at a time.
   *
   * @param images of a step, at least as many as ranks
   * @param most images of a slot, at least 1
   * @param world number of ranks, at least 1
   */
  public static SharedBatch of(int images, int most, int world) {
    Positive.atLeast("local batch", most, 1);
    Positive.atLeast("number of ranks", world, 1);
    if (images < world) {
      throw new IllegalArgumentException(
          "Invalid number of ranks: " + world + " cannot share " + images + " images out");
    }
    int slots = Math.max(world, (images + most - 1) / most);
    while (images % slots != 0) {
      slots++;
    }
    return new SharedBatch(slots, images / slots);
  }

  /** Images of a step. */
  public int images() {
    return Math.multiplyExact(slots, localBatch);
  }
}
