package io.dropblock.spark.data.shard;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.Serializable;
import java.util.Locale;

/**
 * How a data set is stored.
 *
 * @param name of the data set, for people; one line, not blank
 * @param seed of the order in which training records are dealt to shards
 * @param blockRecords records in a block, 64 to 256; a smaller block mixes better each epoch, a
 *     larger one reads faster
 * @param blockBytes most bytes of a block of more than one record, 1 MiB to 1 GiB: what bounds the
 *     memory of those who write and read it; null in data sets of before that, whose blocks all
 *     have {@code blockRecords}
 * @param shardBytes size a shard should have, 1 MiB or more; see {@code ShardPlan} for when it is
 *     smaller
 * @param skipBroken whether broken images are left out and named in the manifest, or stop the
 *     preparation
 * @param resize how large images are made smaller; null where all keep their original bytes
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PreparationSettings(
    String name,
    long seed,
    int blockRecords,
    Long blockBytes,
    long shardBytes,
    boolean skipBroken,
    Resize resize)
    implements Serializable {
  /** Records in a block unless told otherwise. */
  public static final int DEFAULT_BLOCK_RECORDS = 128;

  /** Bytes of a block unless told otherwise: 32 MiB, twice what 128 images of ImageNet have. */
  public static final long DEFAULT_BLOCK_BYTES = 32L << 20;

  /** Size of a shard unless told otherwise: 128 MiB, one block of HDFS. */
  public static final long DEFAULT_SHARD_BYTES = 128L << 20;

  public static final int MIN_BLOCK_RECORDS = 64;
  public static final int MAX_BLOCK_RECORDS = 256;
  public static final long MIN_BLOCK_BYTES = 1L << 20;

  /** Parquet's pages end at 2 GiB. */
  public static final long MAX_BLOCK_BYTES = 1L << 30;

  /** Checks the ranges. */
  public PreparationSettings {
    if (name == null || name.isBlank() || name.contains("\n")) {
      throw new IllegalArgumentException("Invalid data set name: '" + name + "'");
    }
    if (blockRecords < MIN_BLOCK_RECORDS || blockRecords > MAX_BLOCK_RECORDS) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Invalid block size: %d records are not in %d to %d",
              blockRecords,
              MIN_BLOCK_RECORDS,
              MAX_BLOCK_RECORDS));
    }
    if (blockBytes != null && (blockBytes < MIN_BLOCK_BYTES || blockBytes > MAX_BLOCK_BYTES)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Invalid block size: %d bytes are not in %d to %d",
              blockBytes,
              MIN_BLOCK_BYTES,
              MAX_BLOCK_BYTES));
    }
    if (shardBytes < 1 << 20) {
      throw new IllegalArgumentException(
          "Invalid shard size: " + shardBytes + " bytes are less than 1 MiB");
    }
  }

  /**
   * The defaults: blocks of 128 records and 32 MiB at most, shards of 128 MiB, a broken image stops
   * the preparation, original bytes.
   */
  public static PreparationSettings of(String name, long seed) {
    return new PreparationSettings(
        name, seed, DEFAULT_BLOCK_RECORDS, DEFAULT_BLOCK_BYTES, DEFAULT_SHARD_BYTES, false, null);
  }

  /** Most bytes of a block, also where the settings are older than that. */
  public long mostBlockBytes() {
    return blockBytes == null ? MAX_BLOCK_BYTES : blockBytes;
  }

  /** The same, leaving broken images out. */
  public PreparationSettings skippingBroken() {
    return new PreparationSettings(name, seed, blockRecords, blockBytes, shardBytes, true, resize);
  }

  /** The same with another block size. */
  public PreparationSettings withBlockRecords(int records) {
    return new PreparationSettings(name, seed, records, blockBytes, shardBytes, skipBroken, resize);
  }

  /** The same with other bytes of a block at most. */
  public PreparationSettings withBlockBytes(long bytes) {
    return new PreparationSettings(name, seed, blockRecords, bytes, shardBytes, skipBroken, resize);
  }

  /** The same with large images made smaller; null for original bytes. */
  public PreparationSettings withResize(Resize newResize) {
    return new PreparationSettings(
        name, seed, blockRecords, blockBytes, shardBytes, skipBroken, newResize);
  }
}
