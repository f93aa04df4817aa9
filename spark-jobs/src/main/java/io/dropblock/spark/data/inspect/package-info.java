/**
 * Looks at stored data sets: whether every byte of one is as it was written ({@link
 * io.dropblock.spark.data.inspect.DatasetCheck}), and what is in it ({@link
 * io.dropblock.spark.data.inspect.DatasetDescription}). Both are Spark jobs with a task a shard and
 * change nothing.
 */
package io.dropblock.spark.data.inspect;
