package io.dropblock.spark.analyze;

import java.io.Serializable;

/**
 * How much of images a network looks at.
 *
 * @param images how many
 * @param sum of {@link ClassMap#shareAboveHalf} of their maps
 * @param notFinite how many maps are not finite; they are not in the sum
 */
public record MapSpread(long images, double sum, long notFinite) implements Serializable {
  /** Of no image. */
  public static final MapSpread NONE = new MapSpread(0, 0, 0);

  /** Of one image. */
  public static MapSpread of(ClassMap map) {
    return map.isFinite() ? new MapSpread(1, map.shareAboveHalf(), 0) : new MapSpread(1, 0, 1);
  }

  /** Of these images and others. */
  public MapSpread plus(MapSpread other) {
    return new MapSpread(images + other.images, sum + other.sum, notFinite + other.notFinite);
  }

  /** The mean share of the map above half its maximum, 0 to 1. */
  public double mean() {
    return sum / images;
  }
}
