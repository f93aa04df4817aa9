package io.dropblock.spark.data.image;

import java.util.random.RandomGenerator;

/**
 * The evaluation crop of the paper's code (TPU {@code resnet_preprocessing.py}): the centre square
 * of side {@code int(size / (size + 32) * min(height, width))}, from {@code ((height - side + 1) /
 * 2, (width - side + 1) / 2)}, scaled to {@code size}. An image that is {@code size x size} already
 * is only normalised, which serves CIFAR. Scales bilinearly for now where that code scales
 * bicubically. Draws no random numbers.
 *
 * @param size side of the result, 1 to 4096
 */
public record CentreCrop(int size) implements ImageTransform {
  private static final int PADDING = 32;

  /** Checks the range. */
  public CentreCrop {
    ImageTransform.requireSize(size);
  }

  @Override
  public void apply(
      Image image, RandomGenerator random, Normalization normalization, float[] out, int offset) {
    new Bilinear(size, normalization).resize(image, region(image), false, out, offset);
  }

  /** The square that is cut out. */
  Region region(Image image) {
    if (image.width() == size && image.height() == size) {
      return new Region(0, 0, size, size);
    }
    double share = (double) size / (size + PADDING);
    int side = Math.max(1, (int) (share * Math.min(image.width(), image.height())));
    return new Region((image.width() - side + 1) / 2, (image.height() - side + 1) / 2, side, side);
  }
}
