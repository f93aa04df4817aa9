package io.dropblock.spark.ui;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.apache.spark.scheduler.SparkListenerEvent;

/**
 * A run has ended in this application, well or not; Spark's event log holds it by this class's
 * name.
 */
public final class TrainingClosed implements SparkListenerEvent {
  private final String run;

  /**
   * @param run address of its folder
   */
  @JsonCreator
  public TrainingClosed(@JsonProperty("run") String run) {
    this.run = run;
  }

  /** Address of its folder. */
  public String getRun() {
    return run;
  }
}
