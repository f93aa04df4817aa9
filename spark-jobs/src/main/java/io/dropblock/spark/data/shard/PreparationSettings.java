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
 * @param shardBytes size a shard should have, 1 MiB or more; see {@link ShardPlan} for when it is
 *     smaller
 * @param skipBroken whether broken images are left out and named in the manifest, or stop the
 *     preparation
 * @param resize how large images are made smaller; null where all keep their original bytes
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PreparationSettings(
    String name, long seed, int blockRecords, long shardBytes, boolean skipBroken, Resize resize)
    implements Serializable {
  /** Records in a block unless told otherwise. */
  public static final int DEFAULT_BLOCK_RECORDS = 128;

  /** Size of a shard unless told otherwise: 128 MiB, one block of HDFS. */
  public static final long DEFAULT_SHARD_BYTES = 128L << 20;

  static final int MIN_BLOCK_RECORDS = 64;
  static final int MAX_BLOCK_RECORDS = 256;

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
    if (shardBytes < 1 << 20) {
      throw new IllegalArgumentException(
          "Invalid shard size: " + shardBytes + " bytes are less than 1 MiB");
    }
  }

  /**
   * The defaults: blocks of 128 records, shards of 128 MiB, a broken image stops the preparation,
   * original bytes.
   */
  public static PreparationSettings of(String name, long seed) {
    return new PreparationSettings(
        name, seed, DEFAULT_BLOCK_RECORDS, DEFAULT_SHARD_BYTES, false, null);
  }

  /** The same, leaving broken images out. */
  public PreparationSettings skippingBroken() {
    return new PreparationSettings(name, seed, blockRecords, shardBytes, true, resize);
  }

  /** The same with another block size. */
  public PreparationSettings withBlockRecords(int records) {
    return new PreparationSettings(name, seed, records, shardBytes, skipBroken, resize);
  }

  /** The same with large images made smaller; null for original bytes. */
  public PreparationSettings withResize(Resize newResize) {
    return new PreparationSettings(name, seed, blockRecords, shardBytes, skipBroken, newResize);
  }
}
