package io.dropblock.spark.ui;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.apache.spark.scheduler.SparkListenerEvent;

/**
 * Something happened in the run, told as a line of its {@code events.jsonl}; Spark's event log
 * holds it by this class's name.
 */
public final class TrainingEvent implements SparkListenerEvent {
  private final String run;
  private final String line;

  /**
   * @param run address of its folder
   * @param line as in {@code events.jsonl}
   */
  @JsonCreator
  public TrainingEvent(@JsonProperty("run") String run, @JsonProperty("line") String line) {
    this.run = run;
    this.line = line;
  }

  /** Address of its folder; null in the logs of older versions, which had one run. */
  public String getRun() {
    return run;
  }

  /** As in {@code events.jsonl}. */
  public String getLine() {
    return line;
  }
}
