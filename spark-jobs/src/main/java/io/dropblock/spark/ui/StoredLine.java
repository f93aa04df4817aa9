package io.dropblock.spark.ui;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.apache.spark.util.kvstore.KVIndex;

/** A line in the store of an application's UI. */
public final class StoredLine {
  /** Its place, from 0; the run's name, address and recipe are before the first. */
  @KVIndex private final long place;

  private final String text;

  /**
   * @param place from 0
   * @param text of the line
   */
  @JsonCreator
  public StoredLine(@JsonProperty("place") long place, @JsonProperty("text") String text) {
    this.place = place;
    this.text = text;
  }

  /** From 0. */
  public long getPlace() {
    return place;
  }

  /** Of the line. */
  public String getText() {
    return text;
  }
}
