package io.dropblock.spark.tune;

import java.util.Locale;

/**
 * What a trial trains with. A step has {@code slots * localBatch} images, whatever the shape.
 *
 * @param shape executors and ranks
 * @param localBatch images that a rank computes at a time
 * @param slots micro-batches of a step, which ranks share out
 * @param prefetch batches that a rank holds ready
 */
public record Setting(Shape shape, int localBatch, int slots, int prefetch) {

  /**
   * @throws IllegalArgumentException if a number is below 1
   */
  public Setting {
    if (localBatch < 1 || slots < 1 || prefetch < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Invalid setting: %d slots of %d images, %d held ready",
              slots,
              localBatch,
              prefetch));
    }
  }

  /** Images of a step. */
  public int globalBatch() {
    return slots * localBatch;
  }

  Setting with(Shape other) {
    return new Setting(other, localBatch, slots, prefetch);
  }

  Setting withPrefetch(int other) {
    return new Setting(shape, localBatch, slots, other);
  }

  /** With the same images in a step, which a local batch must divide. */
  Setting withLocalBatch(int other) {
    return new Setting(shape, other, globalBatch() / other, prefetch);
  }

  /** For people. */
  public String words() {
    return String.format(
        Locale.ROOT, "%s; %d x %d images, prefetch %d", shape.words(), slots, localBatch, prefetch);
  }
}
