/**
 * The road of the data, one direction: {@code source} lists a raw data set, {@code shard} stores
 * it, {@code feed} reads, decodes ({@code image}), augments and batches it for one rank. This
 * package holds the words that all four share.
 */
package io.dropblock.spark.data;
