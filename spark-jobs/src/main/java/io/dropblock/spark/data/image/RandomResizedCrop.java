package io.dropblock.spark.data.image;

import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * The training crop of the paper's code: TensorFlow's {@code sample_distorted_bounding_box} with
 * the whole image as its box, areas in [0.08, 1] of it: {@link DistortedBox}. After 10 failures, or
 * where the crop is the whole image, the crop is that of {@link CentreCrop}. Random numbers are
 * drawn in the order of the box, mirror.
 *
 * @param size side of the result, 1 to 4096; the aspect ratio is not kept
 * @param flip whether to mirror left to right with probability 1/2
 * @param resampling how the rectangle is scaled; the paper's code is {@link Resampling#BICUBIC}
 * @param scaledDecoding whether large crops of a JPEG are decoded at a half to an eighth of their
 *     size, which is faster and not what the paper's code does; see {@link ResizedCrop}
 */
public record RandomResizedCrop(
    int size, boolean flip, Resampling resampling, boolean scaledDecoding) implements ResizedCrop {
  private static final DistortedBox BOX = new DistortedBox(0.08, 10);

  /** Checks the range. */
  public RandomResizedCrop {
    ImageTransform.requireSize(size);
    Objects.requireNonNull(resampling, "resampling is null");
  }

  /** Decoded at full size. */
  public RandomResizedCrop(int size, boolean flip, Resampling resampling) {
    this(size, flip, resampling, false);
  }

  /** As the paper's code decodes and scales. */
  public RandomResizedCrop(int size, boolean flip) {
    this(size, flip, Resampling.BICUBIC);
  }

  @Override
  public Crop draw(int width, int height, RandomGenerator random) {
    Region region =
        BOX.draw(width, height, random)
            .filter(box -> box.width() != width || box.height() != height)
            .orElseGet(() -> CentreCrop.region(size, width, height));
    return new Crop(region, flip && random.nextBoolean());
  }
}
