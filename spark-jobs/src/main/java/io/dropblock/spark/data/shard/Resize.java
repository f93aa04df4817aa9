package io.dropblock.spark.data.shard;

import java.io.Serializable;

/**
 * Larger images are made smaller when they are stored. An image whose short side is no longer than
 * this keeps its original bytes.
 *
 * @param shortSide pixels, 32 to 4096
 * @param quality of the JPEG that is stored then, 1 to 100, as libjpeg counts it
 */
public record Resize(int shortSide, int quality) implements Serializable {
  /** Quality unless told otherwise. */
  public static final int DEFAULT_QUALITY = 95;

  /** Checks the ranges. */
  public Resize {
    if (shortSide < 32 || shortSide > 4096) {
      throw new IllegalArgumentException(
          "Invalid resize: a short side of " + shortSide + " pixels is not in 32 to 4096");
    }
    if (quality < 1 || quality > 100) {
      throw new IllegalArgumentException(
          "Invalid resize: a JPEG quality of " + quality + " is not in 1 to 100");
    }
  }

  /** To a short side, with {@link #DEFAULT_QUALITY}. */
  public static Resize to(int shortSide) {
    return new Resize(shortSide, DEFAULT_QUALITY);
  }
}
