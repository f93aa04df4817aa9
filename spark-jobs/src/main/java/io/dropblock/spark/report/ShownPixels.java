package io.dropblock.spark.report;

import io.dropblock.spark.data.image.Image;
import io.dropblock.spark.data.image.Normalization;
import java.nio.FloatBuffer;

/**
 * The images of a batch as people see them.
 *
 * @param pixels normalised planes, red first
 * @param side of the images, pixels
 */
record ShownPixels(FloatBuffer pixels, Normalization normalization, int side) {
  /** The upper left part of an image: the rest was added to it. */
  Image image(int index, int width, int height) {
    int plane = side * side;
    byte[] rgb = new byte[3 * width * height];
    for (int i = 0; i < rgb.length; i++) {
      int channel = i % 3;
      int at = i / 3 / width * side + i / 3 % width;
      float value = pixels.get((3 * index + channel) * plane + at);
      float level = value * normalization.std().get(channel) + normalization.mean().get(channel);
      rgb[i] = (byte) Math.max(0, Math.min(255, Math.round(level)));
    }
    return new Image(width, height, rgb);
  }
}
