package io.dropblock.model;

import org.deeplearning4j.nn.conf.inputs.InputType;

/**
 * The shape of one example's image or feature map, batch axis left out. A vector of n features is
 * (n, 1, 1), a row of r positions with n features each (n, r, 1).
 *
 * @param channels number of channels, at least 1
 * @param height rows in pixels, at least 1
 * @param width columns in pixels, at least 1
 */
public record MapShape(int channels, int height, int width) {

  /** Checks that every side is positive. */
  public MapShape {
    if (channels < 1 || height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "Invalid shape: " + channels + "x" + height + "x" + width + " has an empty side");
    }
  }

  static MapShape of(InputType type) {
    if (type instanceof InputType.InputTypeConvolutional map) {
      return new MapShape(
          Math.toIntExact(map.getChannels()),
          Math.toIntExact(map.getHeight()),
          Math.toIntExact(map.getWidth()));
    }
    if (type instanceof InputType.InputTypeFeedForward vector) {
      return new MapShape(Math.toIntExact(vector.getSize()), 1, 1);
    }
    if (type instanceof InputType.InputTypeRecurrent row) {
      return new MapShape(
          Math.toIntExact(row.getSize()), Math.toIntExact(row.getTimeSeriesLength()), 1);
    }
    throw new IllegalArgumentException("Unsupported layer output: " + type);
  }

  InputType inputType() {
    return InputType.convolutional(height, width, channels);
  }

  long pixels() {
    return (long) height * width;
  }

  /** Channels, height, width: {@code 256x56x56}. */
  @Override
  public String toString() {
    return channels + "x" + height + "x" + width;
  }
}
