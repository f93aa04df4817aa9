package io.dropblock.spark.ui;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.apache.spark.scheduler.SparkListenerEvent;

/**
 * Something happened in the run, told as a line of its {@code events.jsonl}; Spark's event log
 * holds it by this class's name.
 */
public final class TrainingEvent implements SparkListenerEvent {
  private final String line;

  /**
   * @param line as in {@code events.jsonl}
   */
  @JsonCreator
  public TrainingEvent(@JsonProperty("line") String line) {
    this.line = line;
  }

  /** As in {@code events.jsonl}. */
  public String getLine() {
    return line;
  }
}
