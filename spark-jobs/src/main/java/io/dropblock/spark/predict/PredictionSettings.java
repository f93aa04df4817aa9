package io.dropblock.spark.predict;

import java.io.Serializable;

/**
 * What a user chooses of a prediction.
 *
 * @param batch images that go through the network together, at least 1
 * @param strict whether a broken image is an error, in place of a row that says why
 * @param pictures how many of the first predictions are drawn, 0 or more
 */
public record PredictionSettings(int batch, boolean strict, int pictures) implements Serializable {
  /** Checks the range. */
  public PredictionSettings {
    if (batch < 1) {
      throw new IllegalArgumentException("Invalid batch: " + batch + " is not at least 1");
    }
  }
}
