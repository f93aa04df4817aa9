package io.dropblock.spark.train;

import io.dropblock.spark.train.checkpoint.Best;
import io.dropblock.spark.train.step.EpochPlan;

/**
 * What is known of an epoch that begins.
 *
 * @param plan of the epoch
 * @param best so far, null before the first evaluation; of an open epoch before it is not yet known
 *     whether it is better
 * @param open whether the epoch before is open: its hooks are at work beside this one, and what
 *     they find out and store, its checkpoint among it, is not there yet
 */
public record EpochBegin(EpochPlan plan, Best best, boolean open) {}
