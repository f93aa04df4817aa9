/**
 * Synchronous training: the driver's loop over epochs, what it does at the end of each, the folder
 * of a run, and where a run goes on.
 *
 * <p>{@link io.dropblock.spark.train.Trainer} is the place to start reading.
 */
package io.dropblock.spark.train;
