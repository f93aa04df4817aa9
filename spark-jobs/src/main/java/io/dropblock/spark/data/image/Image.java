package io.dropblock.spark.data.image;

import java.util.Locale;
import java.util.Objects;

/**
 * A decoded image: 8 bits a channel, sRGB as stored.
 *
 * @param width pixels, 1 or more
 * @param height pixels, 1 or more
 * @param rgb {@code height * width * 3} bytes, unsigned, rows from the top, red first; not copied,
 *     so do not write to it
 */
public record Image(int width, int height, byte[] rgb) {
  /** Checks that the bytes fit the size. */
  public Image {
    Objects.requireNonNull(rgb, "rgb is null");
    if (width < 1 || height < 1 || rgb.length != 3L * width * height) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Invalid image: %d bytes for %d x %d pixels",
              rgb.length,
              width,
              height));
    }
  }

  /** A channel (0 red, 1 green, 2 blue) of a pixel, 0 to 255. */
  public int value(int x, int y, int channel) {
    return rgb[(y * width + x) * 3 + channel] & 0xFF;
  }
}
