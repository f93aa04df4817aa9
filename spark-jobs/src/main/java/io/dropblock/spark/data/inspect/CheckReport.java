package io.dropblock.spark.data.inspect;

import java.util.List;

/**
 * What a check found.
 *
 * @param shards that were looked at
 * @param records that could be read
 * @param damages none where all is well
 */
public record CheckReport(int shards, long records, List<Damage> damages) {
  /** Copies the list. */
  public CheckReport {
    damages = List.copyOf(damages);
  }
}
