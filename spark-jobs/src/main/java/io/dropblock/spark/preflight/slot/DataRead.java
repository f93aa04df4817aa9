package io.dropblock.spark.preflight.slot;

import java.io.Serializable;

/**
 * What a task slot read of a data set.
 *
 * @param executor for people
 * @param failure in a line; empty where nothing went wrong
 * @param images that were read
 * @param bytes of them
 * @param nanos that it took
 */
public record DataRead(String executor, String failure, long images, long bytes, long nanos)
    implements Serializable {
  private static final double NANOS = 1e9;

  public static DataRead failed(String executor, String reason) {
    return new DataRead(executor, reason, 0, 0, 1);
  }

  public double bytesPerSecond() {
    return bytes * NANOS / Math.max(1, nanos);
  }

  public double imagesPerSecond() {
    return images * NANOS / Math.max(1, nanos);
  }
}
