package io.dropblock.spark.data.feed;

/**
 * Where a record is stored.
 *
 * @param block index of its block in the whole split, shard after shard
 * @param row index of the record in its block
 */
public record RecordId(int block, int row) {}
