package io.dropblock.spark.data.annotation;

import java.util.List;

/**
 * Closed outlines; a pixel within any of them belongs to the object.
 *
 * @param rings each {@code x0, y0, x1, y1, ...} in pixels, 3 corners or more
 */
public record Polygons(List<List<Float>> rings) implements Shape {
  /** Copies the lists and checks them. */
  public Polygons {
    rings = rings.stream().map(ring -> (List<Float>) PackedFloats.copyOf(ring)).toList();
    for (List<Float> ring : rings) {
      if (ring.size() < 6 || ring.size() % 2 != 0 || !ring.stream().allMatch(Float::isFinite)) {
        throw new IllegalArgumentException(
            "Invalid polygon: " + ring.size() + " finite numbers are not 3 or more corners");
      }
    }
  }

  /** The same from arrays, which are copied. */
  public static Polygons of(List<float[]> rings) {
    return new Polygons(rings.stream().map(ring -> (List<Float>) new PackedFloats(ring)).toList());
  }
}
