package io.dropblock.spark.preflight.reach;

import java.io.Serializable;

/**
 * What came of a rank's call to another one.
 *
 * @param to the rank that was called
 * @param failure in a line; empty where it answered
 * @param bytes that were sent and counted there; 0 where there was no time for any
 * @param nanos from the first of them until they were counted
 */
public record Call(int to, String failure, long bytes, long nanos) implements Serializable {
  private static final double NANOS = 1e9;

  public double bytesPerSecond() {
    return bytes * NANOS / Math.max(1, nanos);
  }
}
