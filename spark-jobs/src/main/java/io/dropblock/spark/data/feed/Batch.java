package io.dropblock.spark.data.feed;

import java.nio.FloatBuffer;
import java.util.Locale;

/**
 * Records of one step on one rank: a slot, so a micro-batch where the rank has several.
 *
 * @param pixels normalised, {@code size() * channels * height * width} floats in the order NCHW,
 *     red first, from the buffer's first element on; outside the heap, in the machine's byte order,
 *     aligned to 64 bytes. The consumer may keep and change them, unless it gives them back ({@link
 *     Feed#giveBack})
 * @param targets of the {@code size()} records
 * @param channels 3
 * @param height of each image, pixels
 * @param width of each image, pixels
 * @param step global step number: that of the epoch's first step plus the steps of the epoch before
 *     this one
 * @param firstSample index of the first record within the global batch of this step, {@code slot *
 *     localBatch}
 */
public record Batch(
    FloatBuffer pixels,
    Targets targets,
    int channels,
    int height,
    int width,
    long step,
    long firstSample) {
  /** Checks that the arrays fit the shape. */
  public Batch {
    if (pixels.capacity() != (long) targets.size() * channels * height * width) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Invalid batch: %d floats for %d x %d x %d x %d",
              pixels.capacity(),
              targets.size(),
              channels,
              height,
              width));
    }
  }

  /** Number of records. */
  public int size() {
    return targets.size();
  }
}
