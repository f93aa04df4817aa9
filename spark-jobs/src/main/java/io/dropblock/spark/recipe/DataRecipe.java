package io.dropblock.spark.recipe;

import java.util.List;
import java.util.Optional;

/**
 * What a batch is made of.
 *
 * @param classes number of classes, at least 2
 * @param size height and width of the network's input, in pixels
 * @param transform how a training image becomes an input
 * @param pad pixels of zeros on each side before the crop, 0 to size; for pad-crop, and only there
 * @param scaledDecoding whether a JPEG's crops of twice the size and more are decoded at a half to
 *     an eighth, which is faster and blurs them; in training only, for random-resized-crop only. No
 *     if left out
 * @param flip whether every second training image is mirrored left to right, at random
 * @param autoAugment whether training images go through AutoAugment's policy for ImageNet (v0),
 *     behind crop and mirror. No if left out
 * @param cutout half the side, in pixels, of the square that is made grey at a random place of
 *     every training image, last of all; 0 for none, at most size. 0 if left out
 * @param mean of red, green, blue over the training set, 0 to 255; subtracted
 * @param std standard deviation of red, green, blue, above 0 and at most 255; divided by
 */
public record DataRecipe(
    int classes,
    int size,
    Transform transform,
    Optional<Integer> pad,
    @Default("false") boolean scaledDecoding,
    boolean flip,
    @Default("false") boolean autoAugment,
    @Default("0") int cutout,
    List<Double> mean,
    List<Double> std) {

  /** How a training image becomes an input. */
  public enum Transform {
    /** Pad, then cut out a random square: CIFAR (He et al. 2015, section 4.2). */
    PAD_CROP,
    /** Cut out a random area and aspect, then resize: ImageNet (Szegedy et al. 2014). */
    RANDOM_RESIZED_CROP
  }

  /**
   * @throws RecipeException with everything that is out of range
   */
  public DataRecipe {
    boolean pads = transform == Transform.PAD_CROP;
    int side = size;
    Rules rules =
        new Rules("data")
            .must("classes", classes, "be at least 2", n -> n >= 2)
            .must("size", size, "be positive", n -> n > 0)
            .must("transform", transform, "be given", t -> true)
            .must(
                "cutout", cutout, "be from 0 to data.size", n -> n >= 0 && (side <= 0 || n <= side))
            .must(
                "mean",
                mean,
                "be 3 numbers from 0 to 255",
                m -> m.size() == 3 && m.stream().allMatch(v -> v >= 0 && v <= 255))
            .must(
                "std",
                std,
                "be 3 numbers above 0 and at most 255",
                s -> s.size() == 3 && s.stream().allMatch(v -> v > 0 && v <= 255));
    if (pads) {
      rules.must(
          "pad",
          pad,
          "be from 0 to data.size for transform pad-crop",
          p -> p.isPresent() && p.get() >= 0 && (side <= 0 || p.get() <= side));
      rules.must(
          "scaled_decoding", scaledDecoding, "be false for transform pad-crop", scaled -> !scaled);
    } else if (transform != null) {
      rules.must("pad", pad, "be left out for transform random-resized-crop", Optional::isEmpty);
    }
    rules.check();
    mean = List.copyOf(mean);
    std = List.copyOf(std);
  }
}
