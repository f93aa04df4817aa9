package io.dropblock.spark.scaling;

/**
 * How fast a rank is.
 *
 * @param microBatch seconds of a slot: its images, forward, backward; above 0
 * @param update seconds of a step besides, however many slots: the update, and the look whether all
 *     is finite
 * @param spread deviation of the time that a rank takes for its slots of a step, as a share of the
 *     mean
 */
public record RankPace(double microBatch, double update, double spread) {
  /**
   * @throws IllegalArgumentException if a number is out of its range
   */
  public RankPace {
    Positive.require("time of a micro-batch", microBatch);
    Positive.orZero("time of a micro-batch", microBatch);
    Positive.orZero("time of an update", update);
    Positive.orZero("spread", spread);
  }
}
