/**
 * What a rank trains on: the order of an epoch, and batches read, decoded and augmented ahead of
 * need. Order of use, inside a task: {@code EpochOrder.shuffled}, {@code Feed.open} in a
 * try-with-resources, {@code next} until {@code hasNext} is false.
 */
package io.dropblock.spark.data.feed;
