/**
 * The stored form of a data set: a folder of Parquet files (shards) and {@code manifest.json}. A
 * shard holds the original bytes of its images, uncompressed and with page checksums; one row group
 * is one block, the unit that a feed reads and shuffles. {@link
 * io.dropblock.spark.data.prepare.Preparation} writes it, once; nothing changes it afterwards.
 */
package io.dropblock.spark.data.shard;
