package io.dropblock.spark.data.image;

import java.util.Locale;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * The evaluation crop of the paper's code (TPU {@code resnet_preprocessing.py}): the centre square
 * of side {@code int(size / (size + 32) * min(height, width))}, from {@code ((height - side + 1) /
 * 2, (width - side + 1) / 2)}, scaled to {@code size}. The 32 are what others say as the length of
 * the short side before the crop: 256 for 224. An image that is {@code size x size} already is only
 * normalised, which serves CIFAR. Images are decoded at full size, whatever theirs. Draws no random
 * numbers.
 *
 * @param size side of the result, 1 to 4096
 * @param resize length that the short side would have in pixels of the result, at least {@code
 *     size}; {@code size + 32} in that code
 * @param resampling how the square is scaled; that code is {@link Resampling#BICUBIC}
 */
public record CentreCrop(int size, int resize, Resampling resampling) implements ResizedCrop {
  private static final int PADDING = 32;

  /** Checks the ranges. */
  public CentreCrop {
    ImageTransform.requireSize(size);
    if (resize < size) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "Invalid resize: %d is below the crop's size, %d", resize, size));
    }
    Objects.requireNonNull(resampling, "resampling is null");
  }

  /** As much as the paper's code cuts off. */
  public CentreCrop(int size, Resampling resampling) {
    this(size, size + PADDING, resampling);
  }

  /** As the paper's code cuts and scales. */
  public CentreCrop(int size) {
    this(size, Resampling.BICUBIC);
  }

  /** As the paper's code scales. */
  public CentreCrop(int size, int resize) {
    this(size, resize, Resampling.BICUBIC);
  }

  @Override
  public boolean scaledDecoding() {
    return false;
  }

  @Override
  public Crop draw(int width, int height, RandomGenerator random) {
    return new Crop(region(size, resize, width, height), false);
  }

  /** The square that the paper's code cuts out. */
  static Region region(int size, int width, int height) {
    return region(size, size + PADDING, width, height);
  }

  private static Region region(int size, int resize, int width, int height) {
    if (width == size && height == size) {
      return new Region(0, 0, size, size);
    }
    double share = (double) size / resize;
    int side = Math.max(1, (int) (share * Math.min(width, height)));
    return new Region((width - side + 1) / 2, (height - side + 1) / 2, side, side);
  }
}
