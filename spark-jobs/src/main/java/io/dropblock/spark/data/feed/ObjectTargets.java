package io.dropblock.spark.data.feed;

import io.dropblock.spark.data.image.PlacedObjects;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * Objects in the squares of a batch.
 *
 * @param images objects of each image, in the order of the batch
 */
public record ObjectTargets(List<PlacedObjects> images) implements Targets {
  /** Copies the list. */
  public ObjectTargets {
    images = List.copyOf(images);
  }

  @Override
  public int size() {
    return images.size();
  }

  /** None: no network here learns from boxes. */
  @Override
  public List<FloatBuffer> encoded() {
    return List.of();
  }
}
