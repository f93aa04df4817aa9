package io.dropblock.spark.data.shard;

import java.io.Serializable;
import java.util.List;
import java.util.regex.Pattern;

/**
 * One Parquet file of a data set, as its manifest describes it.
 *
 * @param file its name within the data set's folder, such as {@code train-00012.parquet}
 * @param bytes its length
 * @param sha256 of the whole file, 64 lower-case hexadecimal digits
 * @param blocks number of records in each of its blocks, in order
 */
public record Shard(String file, long bytes, String sha256, List<Integer> blocks)
    implements Serializable {
  // Also keeps a manifest from naming a file outside its folder.
  private static final Pattern FILE = Pattern.compile("(train|val)-[0-9]{5,7}\\.parquet");
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  /** Checks everything that can be checked without the file. */
  public Shard {
    if (file == null || !FILE.matcher(file).matches()) {
      throw new IllegalArgumentException("Invalid shard file: " + file);
    }
    if (bytes <= 0) {
      throw new IllegalArgumentException("Invalid shard " + file + ": " + bytes + " bytes");
    }
    if (sha256 == null || !SHA256.matcher(sha256).matches()) {
      throw new IllegalArgumentException("Invalid shard " + file + ": sha256 " + sha256);
    }
    if (blocks == null
        || blocks.isEmpty()
        || blocks.stream().anyMatch(rows -> rows == null || rows < 1)) {
      throw new IllegalArgumentException("Invalid shard " + file + ": blocks " + blocks);
    }
    blocks = List.copyOf(blocks);
  }

  /** Number of records in all blocks. */
  public long records() {
    return blocks.stream().mapToLong(Integer::longValue).sum();
  }
}
