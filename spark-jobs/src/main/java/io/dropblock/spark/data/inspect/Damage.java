package io.dropblock.spark.data.inspect;

import java.io.Serializable;

/**
 * Something in a stored data set that is not as it should be.
 *
 * @param file its name within the data set's folder
 * @param record which record and its name, or which records; null where it is about the whole file
 * @param reason one line
 */
public record Damage(String file, String record, String reason) implements Serializable {
  @Override
  public String toString() {
    return record == null ? file + ": " + reason : file + ", " + record + ": " + reason;
  }
}
