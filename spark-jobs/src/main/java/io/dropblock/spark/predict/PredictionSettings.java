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
  /**
   * Most images of a batch: their pixels must find room in one buffer of less than 2 GiB.
   *
   * @param size side of the square that the network takes, pixels
   */
  public static int mostBatch(int size) {
    return (int) (Integer.MAX_VALUE / (3L * Float.BYTES * size * size));
  }

  /** Checks the range. */
  public PredictionSettings {
    if (batch < 1) {
      throw new IllegalArgumentException("Invalid batch: " + batch + " is not at least 1");
    }
  }
}
