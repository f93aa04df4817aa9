package io.dropblock.spark.data.feed;

/**
 * One class an image.
 *
 * @param labels class indices, one an image
 */
public record ClassTargets(int[] labels) implements Targets {
  @Override
  public int size() {
    return labels.length;
  }
}
