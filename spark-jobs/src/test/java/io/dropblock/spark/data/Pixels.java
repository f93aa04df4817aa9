package io.dropblock.spark.data;

import java.nio.FloatBuffer;

/** A batch's pixels on the heap, where tests can look at them. */
public final class Pixels {
  private Pixels() {}

  /** A copy of all of them. */
  public static float[] of(FloatBuffer pixels) {
    float[] copy = new float[pixels.capacity()];
    pixels.get(0, copy);
    return copy;
  }
}
