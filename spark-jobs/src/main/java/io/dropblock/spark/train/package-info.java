/**
 * Synchronous training: the driver's epoch loop, the plan it broadcasts each epoch, the ranks that
 * follow it, and what a run leaves on disk.
 *
 * <p>{@link io.dropblock.spark.train.Trainer} is the place to start reading.
 */
package io.dropblock.spark.train;
