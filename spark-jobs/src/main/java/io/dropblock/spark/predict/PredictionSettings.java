package io.dropblock.spark.predict;

import java.io.Serializable;

/**
 * What a user chooses of a prediction.
 *
 * @param batch images that go through the network together, at least 1
 * @param strict whether a broken image is an error, in place of a row that says why
 */
public record PredictionSettings(int batch, boolean strict) implements Serializable {
  /** Checks the range. */
  public PredictionSettings {
    if (batch < 1) {
      throw new IllegalArgumentException("Invalid batch: " + batch + " is not at least 1");
    }
  }
}
