/**
 * Measurements of the DropBlock op with JMH (whole training steps are in {@code step}): what is
 * measured, the loop over shapes and threads, and the tables that come out of it.
 */
package io.dropblock.spark.bench;
