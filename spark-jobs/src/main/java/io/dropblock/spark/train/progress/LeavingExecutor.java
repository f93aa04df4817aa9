package io.dropblock.spark.train.progress;

import java.io.Serializable;

/**
 * A message to the driver: an executor was told to end, by SIGTERM.
 *
 * @param executor Spark's name of it
 */
record LeavingExecutor(String executor) implements Serializable {}
