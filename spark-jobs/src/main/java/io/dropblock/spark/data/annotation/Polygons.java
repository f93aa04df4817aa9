package io.dropblock.spark.data.annotation;

import java.util.Arrays;
import java.util.Objects;

/**
 * Closed outlines; a pixel within any of them belongs to the object.
 *
 * @param rings each {@code x0, y0, x1, y1, ...} in pixels, 3 corners or more; not copied, as a data
 *     set has millions of corners, so do not write to them
 */
public record Polygons(float[][] rings) implements Shape {
  /** Checks the rings. */
  public Polygons {
    Objects.requireNonNull(rings, "rings is null");
    for (float[] ring : rings) {
      if (ring.length < 6 || ring.length % 2 != 0) {
        throw new IllegalArgumentException(
            "Invalid polygon: " + ring.length + " numbers are not 3 or more corners");
      }
      for (float coordinate : ring) {
        if (!Float.isFinite(coordinate)) {
          throw new IllegalArgumentException("Invalid polygon: a corner at " + coordinate);
        }
      }
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Polygons polygons && Arrays.deepEquals(rings, polygons.rings);
  }

  @Override
  public int hashCode() {
    return Arrays.deepHashCode(rings);
  }

  @Override
  public String toString() {
    return "Polygons" + Arrays.deepToString(rings);
  }
}
