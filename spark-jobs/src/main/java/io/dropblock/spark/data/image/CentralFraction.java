package io.dropblock.spark.data.image;

import java.util.random.RandomGenerator;

/**
 * The evaluation crop of Inception, as {@code tensorflow/tpu:
 * models/official/amoeba_net/inception_preprocessing.py} has it ({@code tf.image.central_crop} of
 * 0.875): of both sides an eighth is cut off, {@code int(side / 16)} pixels at each end, and the
 * rest is scaled bilinearly to a square; the aspect ratio is not kept. Draws no random numbers.
 *
 * @param size side of the result, 1 to 4096
 */
public record CentralFraction(int size) implements ResizedCrop {
  private static final double FRACTION = 0.875;

  /** Checks the range. */
  public CentralFraction {
    ImageTransform.requireSize(size);
  }

  @Override
  public Resampling resampling() {
    return Resampling.BILINEAR_UNCENTRED;
  }

  @Override
  public boolean scaledDecoding() {
    return false;
  }

  @Override
  public Crop draw(int width, int height, RandomGenerator random) {
    int left = margin(width);
    int top = margin(height);
    return new Crop(new Region(left, top, width - 2 * left, height - 2 * top), false);
  }

  private static int margin(int side) {
    return (int) ((side - side * FRACTION) / 2);
  }
}
