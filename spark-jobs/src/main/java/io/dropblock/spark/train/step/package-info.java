/**
 * The steps of an epoch: the plan that the driver broadcasts, and the ranks that follow it.
 *
 * <p>{@link io.dropblock.spark.train.step.EpochRunner} is the place to start reading.
 */
package io.dropblock.spark.train.step;
