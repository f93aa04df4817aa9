package io.dropblock.spark.data.image;

import java.nio.FloatBuffer;

/**
 * The images of a batch as people see them.
 *
 * @param pixels normalised planes, red first
 * @param side of the images, pixels
 */
public record ShownPixels(FloatBuffer pixels, Normalization normalization, int side) {
  /**
   * The upper left part of an image: the rest was added to it.
   *
   * @param index of the image in the batch
   * @param width of the part, pixels, at most the side, and {@code height} likewise
   */
  public Image image(int index, int width, int height) {
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
