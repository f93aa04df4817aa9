package io.dropblock.spark.data.image;

import java.util.Locale;
import java.util.Objects;

/**
 * The objects of an image where {@link DetectionTransform} put them. A point of the square, less
 * what was cut off, is {@code (x / scaleX, y / scaleY)} in the stored image; in evaluation nothing
 * is cut off, so detections divided by the scales are in the pixels that {@code ObjectSet} has.
 *
 * @param imageId number of the image in its data set
 * @param width of the image as stored, pixels
 * @param height of the image as stored, pixels
 * @param scaleX pixels of the square to one of the stored image, left to right
 * @param scaleY the same from the top down; differs from {@code scaleX} by less than a pixel's
 *     rounding of the scaled side
 * @param boxes {@code y0, x0, y1, x1} of each object in pixels of the square, of which the first
 *     covers 0 to 1; within 0 and {@code size - 1}, each with an area; not copied
 * @param labels index of each object's class; not copied
 */
public record PlacedObjects(
    long imageId,
    int width,
    int height,
    double scaleX,
    double scaleY,
    float[] boxes,
    int[] labels) {
  /** Checks that each object has a box. */
  public PlacedObjects {
    Objects.requireNonNull(boxes, "boxes is null");
    Objects.requireNonNull(labels, "labels is null");
    if (boxes.length != 4 * labels.length) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Invalid objects: %d numbers for %d boxes",
              boxes.length,
              labels.length));
    }
  }

  /** Number of objects, 0 or more. */
  public int count() {
    return labels.length;
  }
}
