package io.dropblock.spark.ui;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.apache.spark.util.kvstore.KVIndex;

/** A line of a run in the store of an application's UI. */
public final class StoredLine {
  static final String RUN = "run";

  /** Rises with each line of any run; a run's name, address and recipe are before its first. */
  @KVIndex private final long place;

  @KVIndex(RUN)
  private final String run;

  private final String text;

  /**
   * @param place from 0
   * @param run address of its folder
   * @param text of the line
   */
  @JsonCreator
  public StoredLine(
      @JsonProperty("place") long place,
      @JsonProperty(RUN) String run,
      @JsonProperty("text") String text) {
    this.place = place;
    this.run = run;
    this.text = text;
  }

  /** From 0. */
  public long getPlace() {
    return place;
  }

  /** Address of its folder. */
  public String getRun() {
    return run;
  }

  /** Of the line. */
  public String getText() {
    return text;
  }
}
