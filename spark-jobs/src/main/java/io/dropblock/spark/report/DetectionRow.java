package io.dropblock.spark.report;

import io.dropblock.detection.Detections;
import io.dropblock.spark.data.image.Image;
import io.dropblock.spark.data.image.Normalization;
import io.dropblock.spark.data.image.PlacedObjects;
import io.dropblock.spark.data.image.ShownPixels;
import java.nio.FloatBuffer;
import java.util.Objects;

/**
 * An image as a network saw it, what is in it, and what the network found.
 *
 * @param image without what was added to make it a square
 * @param truth its objects, boxes in the image's pixels
 * @param found the same of what was found; labels are those of the data set's classes
 */
public record DetectionRow(Image image, PlacedObjects truth, Detections found) {
  /** Checks that all are there. */
  public DetectionRow {
    Objects.requireNonNull(image, "image is null");
    Objects.requireNonNull(truth, "truth is null");
    Objects.requireNonNull(found, "found is null");
  }

  /**
   * Of an image of a batch, of which nothing was cut off.
   *
   * @param pixels normalised planes, red first
   * @param index of the image in the batch
   * @param side of the images, pixels
   * @param truth where the transform put the objects
   * @param found in pixels of the same square
   */
  public static DetectionRow of(
      FloatBuffer pixels,
      Normalization normalization,
      int index,
      int side,
      PlacedObjects truth,
      Detections found) {
    int width = (int) Math.min(side, Math.round(truth.width() * truth.scaleX()));
    int height = (int) Math.min(side, Math.round(truth.height() * truth.scaleY()));
    return new DetectionRow(
        new ShownPixels(pixels, normalization, side).image(index, width, height), truth, found);
  }
}
