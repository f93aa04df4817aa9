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
 * @param evaluationSize the same in evaluation; size if left out. For random-resized-crop and
 *     inception-crop, and only there
 * @param evaluationResize length of an image's short side in evaluation, in pixels of the input,
 *     before the middle is cut out: at least the evaluation's size, 32 more if left out. For
 *     random-resized-crop, and only there
 * @param transform how a training image becomes an input; scale-crop for tasks detection and
 *     segmentation, one of the others for task classification
 * @param pad pixels of zeros on each side before the crop, 0 to size; for pad-crop, and only there
 * @param scale smallest and largest side that an image's long side is scaled to, as multiples of
 *     size, above 0 and at most 8; for scale-crop, and only there
 * @param scaledDecoding whether a JPEG's crops of twice the size and more are decoded at a half to
 *     an eighth, which is faster and blurs them; in training only, for random-resized-crop only. No
 *     if left out
 * @param flip whether every second training image is mirrored left to right, at random
 * @param augment what training images go through behind crop and mirror, the text of an {@link
 *     AugmentRecipe}. None if left out
 * @param cutout half the side, in pixels, of the square that is made grey at a random place of
 *     every training image, behind that; 0 for none, at most size. 0 if left out
 * @param randomErasing probability that a random rectangle of a training image is made the mean
 *     colour, behind that, 0 to 1. 0 if left out
 * @param mixup of the distribution Beta(mixup, mixup) of the weight by which an image of a
 *     micro-batch is mixed with another one, 0 to 100; 0 for none. 0 if left out
 * @param cutmix of the distribution Beta(cutmix, cutmix) of the share of an image that stays where
 *     a rectangle of another one is put in, 0 to 100; 0 for none. With mixup, too, either has the
 *     same chance for each micro-batch. 0 if left out
 * @param mean of red, green, blue over the training set, 0 to 255; subtracted
 * @param std standard deviation of red, green, blue, above 0 and at most 255; divided by
 */
public record DataRecipe(
    int classes,
    int size,
    Optional<Integer> evaluationSize,
    Optional<Integer> evaluationResize,
    Transform transform,
    Optional<Integer> pad,
    Optional<List<Double>> scale,
    @Default("false") boolean scaledDecoding,
    boolean flip,
    @Default("none") String augment,
    @Default("0") int cutout,
    @Default("0.0") double randomErasing,
    @Default("0.0") double mixup,
    @Default("0.0") double cutmix,
    List<Double> mean,
    List<Double> std) {
  private static final double MOST_ALPHA = 100;
  private static final int MOST_SIDE = 4096;

  /** How a training image becomes an input. */
  public enum Transform {
    /** Pad, then cut out a random square: CIFAR (He et al. 2015, section 4.2). */
    PAD_CROP,
    /** Cut out a random area and aspect, then resize: ImageNet (Szegedy et al. 2014). */
    RANDOM_RESIZED_CROP,
    /**
     * The same with other areas, bilinearly, then distort the colours: AmoebaNet (tensorflow/tpu
     * {@code amoeba_net/inception_preprocessing.py}).
     */
    INCEPTION_CROP,
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
    String policy = augment;
    Rules rules =
        new Rules("data")
            .must("classes", classes, "be positive", n -> n > 0)
            .must("size", size, "be positive", n -> n > 0)
            .must("size", size, "be at most " + MOST_SIDE, n -> n <= MOST_SIDE)
            .must("transform", transform, "be given", t -> true)
            .passes("augment", () -> AugmentRecipe.parse(policy))
            .must(
                "cutout", cutout, "be from 0 to data.size", n -> n >= 0 && (side <= 0 || n <= side))
            .must("random_erasing", randomErasing, "be from 0 to 1", p -> p >= 0 && p <= 1)
            .must("mixup", mixup, "be from 0 to 100", DataRecipe::isAlpha)
            .must("cutmix", cutmix, "be from 0 to 100", DataRecipe::isAlpha)
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
      ofTransform(rules, transform, size, pad, scale, scaledDecoding);
      ofEvaluation(rules, transform, size, evaluationSize, evaluationResize);
    }
    rules.check();
    scale = scale.map(List::copyOf);
    augment = AugmentRecipe.parse(augment).toString();
    mean = List.copyOf(mean);
    std = List.copyOf(std);
  }

  private static void ofTransform(
      Rules rules,
      Transform transform,
      int size,
      Optional<Integer> pad,
      Optional<List<Double>> scale,
      boolean scaledDecoding) {
    String of = " for transform " + Spelling.word(transform);
    if (transform == Transform.PAD_CROP) {
      rules.must(
          "pad",
          pad,
          "be from 0 to data.size" + of,
          p -> p.isPresent() && p.get() >= 0 && (size <= 0 || p.get() <= size));
    } else {
      rules.must("pad", pad, "be left out" + of, Optional::isEmpty);
    }
    if (transform == Transform.SCALE_CROP) {
      rules.must(
          "scale", scale, "be 2 ascending numbers above 0 and at most 8" + of, DataRecipe::isScale);
    } else {
      rules.must("scale", scale, "be left out" + of, Optional::isEmpty);
    }
    if (transform != Transform.RANDOM_RESIZED_CROP) {
      rules.must("scaled_decoding", scaledDecoding, "be false" + of, scaled -> !scaled);
    }
  }

  private static void ofEvaluation(
      Rules rules,
      Transform transform,
      int size,
      Optional<Integer> evaluationSize,
      Optional<Integer> evaluationResize) {
    String of = " for transform " + Spelling.word(transform);
    if (transform == Transform.PAD_CROP || transform == Transform.SCALE_CROP) {
      rules.must("evaluation_size", evaluationSize, "be left out" + of, Optional::isEmpty);
    } else {
      rules.must(
          "evaluation_size",
          evaluationSize,
          "be from 1 to " + MOST_SIDE,
          given -> given.isEmpty() || given.get() >= 1 && given.get() <= MOST_SIDE);
    }
    if (transform == Transform.RANDOM_RESIZED_CROP) {
      int least = evaluationSize.orElse(size);
      rules.must(
          "evaluation_resize",
          evaluationResize,
          "be at least the size of evaluation, " + least + ", and at most 8192",
          given -> given.isEmpty() || given.get() >= least && given.get() <= 8192);
    } else {
      rules.must("evaluation_resize", evaluationResize, "be left out" + of, Optional::isEmpty);
    }
  }

  private static boolean isAlpha(double alpha) {
    return alpha >= 0 && alpha <= MOST_ALPHA;
  }

  private static boolean isScale(Optional<List<Double>> scale) {
    return scale
        .filter(s -> s.size() == 2 && s.get(0) > 0 && s.get(0) <= s.get(1) && s.get(1) <= 8)
        .isPresent();
  }

  /** What training images go through behind crop and mirror. */
  public AugmentRecipe augmentation() {
    return AugmentRecipe.parse(augment);
  }

  /** Whether images of a micro-batch are mixed with each other. */
  boolean mixes() {
    return mixup > 0 || cutmix > 0;
  }
}
