package io.dropblock.spark.ui;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.apache.spark.scheduler.SparkListenerEvent;

/**
 * The validation images were measured, and these are some of them; Spark's event log holds it by
 * this class's name.
 */
public final class TrainingEvaluated implements SparkListenerEvent {
  private final String run;
  private final int epochs;
  private final String alt;
  private final String jpeg;

  /**
   * @param run address of its folder
   * @param epochs that were done, 1 or more
   * @param alt what is to be seen, in words
   * @param jpeg the picture in base64
   */
  @JsonCreator
  public TrainingEvaluated(
      @JsonProperty("run") String run,
      @JsonProperty("epochs") int epochs,
      @JsonProperty("alt") String alt,
      @JsonProperty("jpeg") String jpeg) {
    this.run = run;
    this.epochs = epochs;
    this.alt = alt;
    this.jpeg = jpeg;
  }

  /** Address of its folder; null in the logs of older versions, which had one run. */
  public String getRun() {
    return run;
  }

  /** That were done, 1 or more. */
  public int getEpochs() {
    return epochs;
  }

  /** What is to be seen, in words. */
  public String getAlt() {
    return alt;
  }

  /** The picture in base64. */
  public String getJpeg() {
    return jpeg;
  }
}
