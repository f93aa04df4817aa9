package io.dropblock.spark.tune;

/**
 * What a trial came to.
 *
 * @param speed of its steps
 * @param ranks that trained
 * @param resident the most bytes that an executor had in main memory, heap included, since its
 *     start; 0 where nobody could tell
 * @param outside the most bytes of an executor outside the heap: arrays, code, threads, buffers
 * @param starved the share of micro-batches that were not ready when a rank asked for them
 */
public record Measured(Speed speed, int ranks, long resident, long outside, double starved) {}
