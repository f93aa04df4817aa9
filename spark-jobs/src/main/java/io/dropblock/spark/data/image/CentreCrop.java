package io.dropblock.spark.data.image;

import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * The evaluation crop of the paper's code (TPU {@code resnet_preprocessing.py}): the centre square
 * of side {@code int(size / (size + 32) * min(height, width))}, from {@code ((height - side + 1) /
 * 2, (width - side + 1) / 2)}, scaled to {@code size}. An image that is {@code size x size} already
 * is only normalised, which serves CIFAR. Images are decoded at full size, whatever theirs. Draws
 * no random numbers.
 *
 * @param size side of the result, 1 to 4096
 * @param resampling how the square is scaled; that code is {@link Resampling#BICUBIC}
 */
public record CentreCrop(int size, Resampling resampling) implements ResizedCrop {
  private static final int PADDING = 32;

  /** Checks the range. */
  public CentreCrop {
    ImageTransform.requireSize(size);
    Objects.requireNonNull(resampling, "resampling is null");
  }

  /** As the paper's code scales. */
  public CentreCrop(int size) {
    this(size, Resampling.BICUBIC);
  }

  @Override
  public boolean scaledDecoding() {
    return false;
  }

  @Override
  public Crop draw(int width, int height, RandomGenerator random) {
    return new Crop(region(size, width, height), false);
  }

  /** The square that is cut out. */
  static Region region(int size, int width, int height) {
    if (width == size && height == size) {
      return new Region(0, 0, size, size);
    }
    double share = (double) size / (size + PADDING);
    int side = Math.max(1, (int) (share * Math.min(width, height)));
    return new Region((width - side + 1) / 2, (height - side + 1) / 2, side, side);
  }
}
