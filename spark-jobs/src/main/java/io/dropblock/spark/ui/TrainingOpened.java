package io.dropblock.spark.ui;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.apache.spark.scheduler.SparkListenerEvent;

/** A run begins or goes on in this application; Spark's event log holds it by this class's name. */
public final class TrainingOpened implements SparkListenerEvent {
  private final String name;
  private final String address;
  private final String recipe;
  private final boolean beside;

  /**
   * @param name of the run's folder
   * @param address of the run's folder
   * @param recipe effective, as YAML
   * @param beside whether others may go on that were opened before
   */
  @JsonCreator
  public TrainingOpened(
      @JsonProperty("name") String name,
      @JsonProperty("address") String address,
      @JsonProperty("recipe") String recipe,
      @JsonProperty("beside") boolean beside) {
    this.name = name;
    this.address = address;
    this.recipe = recipe;
    this.beside = beside;
  }

  /** Of the run's folder. */
  public String getName() {
    return name;
  }

  /** Of the run's folder. */
  public String getAddress() {
    return address;
  }

  /** Effective, as YAML. */
  public String getRecipe() {
    return recipe;
  }

  /** Whether others may go on that were opened before. */
  public boolean isBeside() {
    return beside;
  }
}
