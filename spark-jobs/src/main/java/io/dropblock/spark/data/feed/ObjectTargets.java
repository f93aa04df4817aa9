package io.dropblock.spark.data.feed;

import io.dropblock.spark.data.annotation.ObjectSet;
import io.dropblock.spark.data.image.PlacedObjects;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Locale;

/**
 * Objects in the squares of a batch.
 *
 * @param images objects of each image where they are in its square, in the order of the batch
 * @param truth objects of each image as its data set has them, with areas and crowds, which scores
 *     go by; in the order of the batch
 * @param encoded none in evaluation. In training two arrays over the anchors of the images: classes
 *     {@code [size, anchors]}, the number of the network's output or -1, and codes {@code [size,
 *     anchors, 5]}, 1 and the box code of an anchor with an object, else 0 ({@code AnchorMatcher})
 */
public record ObjectTargets(
    List<PlacedObjects> images, List<ObjectSet> truth, List<FloatBuffer> encoded)
    implements Targets {
  /** Copies the lists. */
  public ObjectTargets {
    images = List.copyOf(images);
    truth = List.copyOf(truth);
    encoded = List.copyOf(encoded);
    if (images.size() != truth.size()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Invalid objects: of %d images in squares, %d as stored",
              images.size(),
              truth.size()));
    }
  }

  @Override
  public int size() {
    return images.size();
  }
}
