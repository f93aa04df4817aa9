package io.dropblock.spark.recipe;

import io.dropblock.spark.recipe.yaml.Default;
import io.dropblock.spark.recipe.yaml.RecipeException;
import io.dropblock.spark.recipe.yaml.Rules;
import io.dropblock.spark.recipe.yaml.Spelling;
import java.util.List;
import java.util.Optional;

/**
 * What a batch is made of.
 *
 * @param classes number of classes, at least 2, for task detection at least 1; with the background
 *     for task segmentation
 * @param size height and width of the network's input, in pixels
 * @param transform how a training image becomes an input; scale-crop for tasks detection and
 *     segmentation, one of the others for task classification
 * @param pad pixels of zeros on each side before the crop, 0 to size; for pad-crop, and only there
 * @param scale smallest and largest side that an image's long side is scaled to, as multiples of
 *     size, above 0 and at most 8; for scale-crop, and only there
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
    Optional<List<Double>> scale,
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
    RANDOM_RESIZED_CROP,
    /**
     * Scale by a random factor, aspect kept, then cut out or pad a square: image and label map or
     * boxes alike (tensorflow/tpu {@code retinanet/dataloader.py}).
     */
    SCALE_CROP
  }

  /**
   * @throws RecipeException with everything that is out of range
   */
  public DataRecipe {
    int side = size;
    Rules rules =
        new Rules("data")
            .must("classes", classes, "be positive", n -> n > 0)
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
    if (transform != null) {
      String of = " for transform " + Spelling.word(transform);
      if (transform == Transform.PAD_CROP) {
        rules.must(
            "pad",
            pad,
            "be from 0 to data.size" + of,
            p -> p.isPresent() && p.get() >= 0 && (side <= 0 || p.get() <= side));
      } else {
        rules.must("pad", pad, "be left out" + of, Optional::isEmpty);
      }
      if (transform == Transform.SCALE_CROP) {
        rules.must(
            "scale",
            scale,
            "be 2 ascending numbers above 0 and at most 8" + of,
            DataRecipe::isScale);
      } else {
        rules.must("scale", scale, "be left out" + of, Optional::isEmpty);
      }
      if (transform != Transform.RANDOM_RESIZED_CROP) {
        rules.must("scaled_decoding", scaledDecoding, "be false" + of, scaled -> !scaled);
      }
    }
    rules.check();
    scale = scale.map(List::copyOf);
    mean = List.copyOf(mean);
    std = List.copyOf(std);
  }

  private static boolean isScale(Optional<List<Double>> scale) {
    return scale
        .filter(s -> s.size() == 2 && s.get(0) > 0 && s.get(0) <= s.get(1) && s.get(1) <= 8)
        .isPresent();
  }
}
