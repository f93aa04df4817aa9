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
 * @param classes number of classes; for task segmentation with the background
 * @param size height and width of the network's input, in pixels
 * @param evaluationSize the same in evaluation; {@code data.size} if left out. For {@code
 *     random-resized-crop} and {@code inception-crop} only, whose networks take images of any size:
 *     training at 176 and evaluation at 224 is FixRes
 * @param evaluationResize length of an image's short side in evaluation, in pixels of the input,
 *     before its middle is cut out. 32 more than the evaluation's size if left out, the paper's
 *     (256 for 224); torchvision has 232 for 224. For {@code random-resized-crop} only
 * @param transform how a training image becomes an input: {@code scale-crop} for tasks detection
 *     and segmentation, one of the others for task classification
 * @param pad zeros on each side before the crop, in pixels; for {@code pad-crop} only
 * @param scale smallest and largest length of an image's long side, in multiples of {@code
 *     data.size}; for {@code scale-crop} only. {@code [0.75, 1.5]} in the paper's code for
 *     segmentation, {@code [0.8, 1.2]} in the paper for detection
 * @param scaledDecoding whether a JPEG's training crops of twice the size and more are decoded at a
 *     half to an eighth. Faster; it blurs them a little. For {@code random-resized-crop} only
 * @param flip whether every second training image is mirrored left to right, at random
 * @param augment what training images go through behind crop and mirror, for task classification.
 *     {@code rand-augment(2, 9)} has the number of operations, 1 to 14, and their magnitude, 0 to
 *     30
 * @param cutout half the side of the square that is made grey at a random place of every training
 *     image, in pixels; 0 for none. For task classification
 * @param randomErasing probability that a random rectangle of a training image becomes the mean
 *     colour, for task classification
 * @param mixup alpha of mixup, 0 for none, for task classification: each image of a micro-batch
 *     becomes the weighted sum of two, the weight from the distribution Beta(alpha, alpha)
 * @param cutmix alpha of CutMix, 0 for none, for task classification: a rectangle of another image
 *     of the micro-batch is put into each. With {@code data.mixup}, either has the same chance for
 *     each micro-batch
 * @param mean of red, green and blue over the training set, 0 to 255; subtracted
 * @param std standard deviation of red, green and blue, at most 255; divided by
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
