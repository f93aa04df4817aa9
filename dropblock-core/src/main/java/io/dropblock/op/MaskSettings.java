package io.dropblock.op;

/**
 * What to draw.
 *
 * @param keepProbability the paper's keep probability, 0 to 1. Nominal unless {@code exactKeep}:
 *     because blocks overlap, more than that is kept
 * @param exactKeep whether the rate of blocks is chosen such that the expected share of kept
 *     elements is {@code keepProbability} itself, see {@link BlockGeometry#exactGamma}; not in the
 *     paper
 * @param sharedChannels whether the channels of a sample share one mask; the paper's section 3.1
 *     finds a mask for each channel (false) to work better
 * @param normalization what kept elements are scaled by
 */
public record MaskSettings(
    double keepProbability,
    boolean exactKeep,
    boolean sharedChannels,
    Normalization normalization) {

  /**
   * @throws IllegalArgumentException if the keep probability is outside [0, 1] or not a number, or
   *     no normalization is given
   */
  public MaskSettings {
    BlockGeometry.requireProbability(keepProbability);
    if (normalization == null) {
      throw new IllegalArgumentException("Invalid normalization: null");
    }
  }

  /** The paper's settings: nominal keep probability, a mask a channel, scaled over the batch. */
  public static MaskSettings of(double keepProbability) {
    return new MaskSettings(keepProbability, false, false, Normalization.BATCH);
  }

  /** The probability that a block starts at one position. */
  double gamma(BlockGeometry geometry) {
    return exactKeep ? geometry.exactGamma(keepProbability) : geometry.gamma(keepProbability);
  }
}
