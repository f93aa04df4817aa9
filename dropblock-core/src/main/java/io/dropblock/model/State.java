package io.dropblock.model;

/**
 * What cells pass on.
 *
 * @param vertex whose output it is
 * @param map its shape for a training image
 */
record State(String vertex, MapShape map) {

  State with(String other) {
    return new State(other, map);
  }

  /** With so many channels, at this stride. */
  MapShape reduced(int channels, int stride) {
    return new MapShape(
        channels, (map.height() + stride - 1) / stride, (map.width() + stride - 1) / stride);
  }

  boolean isAsLargeAs(State other) {
    return map.height() == other.map.height() && map.width() == other.map.width();
  }
}
