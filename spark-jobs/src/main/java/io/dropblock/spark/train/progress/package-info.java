/**
 * How ranks tell the driver of their steps while an epoch's job runs: as messages of {@link
 * io.dropblock.spark.train.progress.TrainingPlugin}; and what they sum up over an epoch.
 */
package io.dropblock.spark.train.progress;
