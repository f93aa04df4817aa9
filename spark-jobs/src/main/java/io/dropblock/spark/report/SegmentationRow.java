package io.dropblock.spark.report;

import io.dropblock.spark.data.annotation.LabelMap;
import io.dropblock.spark.data.image.Image;
import io.dropblock.spark.data.image.LabelImage;
import io.dropblock.spark.data.image.Normalization;
import io.dropblock.spark.data.image.ShownPixels;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Locale;

/**
 * An image as a network saw it, and what there is to see in it.
 *
 * @param image as a square, or of any other shape
 * @param truth the label of each of its pixels
 * @param predicted the label that the network gave each
 */
public record SegmentationRow(Image image, LabelImage truth, LabelImage predicted) {
  /** Checks that all three have one size. */
  public SegmentationRow {
    if (!isAsLarge(truth, image) || !isAsLarge(predicted, image)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot show an image of %d x %d pixels with maps of %d x %d and %d x %d",
              image.width(),
              image.height(),
              truth.width(),
              truth.height(),
              predicted.width(),
              predicted.height()));
    }
  }

  private static boolean isAsLarge(LabelImage map, Image image) {
    return map.width() == image.width() && map.height() == image.height();
  }

  /**
   * Of an image of a batch, without what was added to it on the right and below: the last columns
   * and rows that are void throughout.
   *
   * @param pixels normalised planes, red first
   * @param index of the image in the batch
   * @param side of the images, pixels
   * @param truth {@code side * side} unsigned bytes an image
   * @param predicted as many
   */
  public static SegmentationRow of(
      FloatBuffer pixels,
      Normalization normalization,
      int index,
      int side,
      byte[] truth,
      byte[] predicted) {
    int plane = side * side;
    int width = 1;
    int height = 1;
    for (int i = 0; i < plane; i++) {
      if (truth[index * plane + i] != (byte) LabelMap.VOID) {
        width = Math.max(width, i % side + 1);
        height = Math.max(height, i / side + 1);
      }
    }
    return new SegmentationRow(
        new ShownPixels(pixels, normalization, side).image(index, width, height),
        part(truth, index, side, width, height),
        part(predicted, index, side, width, height));
  }

  private static LabelImage part(byte[] labels, int index, int side, int width, int height) {
    byte[] part = new byte[width * height];
    for (int y = 0; y < height; y++) {
      System.arraycopy(labels, (index * side + y) * side, part, y * width, width);
    }
    return new LabelImage(width, height, part);
  }

  /** Whether a label is in one of the maps. */
  boolean shows(int label) {
    byte[] both = Arrays.copyOf(truth.labels(), 2 * truth.labels().length);
    System.arraycopy(predicted.labels(), 0, both, truth.labels().length, both.length / 2);
    for (byte one : both) {
      if ((one & 0xFF) == label) {
        return true;
      }
    }
    return false;
  }
}
