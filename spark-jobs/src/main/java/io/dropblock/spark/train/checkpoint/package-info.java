/** The checkpoints of a run: what they hold, how they are written, and which one is good. */
package io.dropblock.spark.train.checkpoint;
