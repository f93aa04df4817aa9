package io.dropblock.spark.data.image;

import java.util.random.RandomGenerator;

/**
 * The training crop of Inception, as {@code tensorflow/tpu:
 * models/official/amoeba_net/inception_preprocessing.py} has it: TensorFlow's {@code
 * sample_distorted_bounding_box} with the whole image as its box, areas in [0.1, 1] of it ({@link
 * DistortedBox}), after 100 failures the whole image; scaled bilinearly, then half of them
 * mirrored. The colours, which that code distorts behind it, are another transform's.
 *
 * <p>Differs from that code: places, as {@link DistortedBox} says. Random numbers are drawn in the
 * order of the box, mirror.
 *
 * @param size side of the result, 1 to 4096; the aspect ratio is not kept
 * @param flip whether to mirror left to right with probability 1/2
 */
public record InceptionCrop(int size, boolean flip) implements ResizedCrop {
  private static final DistortedBox BOX = new DistortedBox(0.1, 100);

  /** Checks the range. */
  public InceptionCrop {
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
    Region region = BOX.draw(width, height, random).orElse(new Region(0, 0, width, height));
    return new Crop(region, flip && random.nextBoolean());
  }
}
