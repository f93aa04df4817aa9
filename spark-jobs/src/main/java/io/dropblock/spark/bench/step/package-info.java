/**
 * Measurements of whole training steps and of inference: a plan, the JVM of each rank with its
 * network and its synthetic batches, the conversation with it, and the table that comes out.
 */
package io.dropblock.spark.bench.step;
