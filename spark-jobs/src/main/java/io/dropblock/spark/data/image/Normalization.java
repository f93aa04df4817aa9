package io.dropblock.spark.data.image;

import java.io.Serializable;
import java.util.List;

/**
 * What is subtracted from each channel, and what the rest is divided by, both in units of [0, 255],
 * red first.
 *
 * @param mean 3 finite numbers
 * @param std 3 numbers above 0
 */
public record Normalization(List<Float> mean, List<Float> std) implements Serializable {
  /**
   * Of ImageNet, as in the paper's code: (0.485, 0.456, 0.406) and (0.229, 0.224, 0.225), times
   * 255.
   */
  public static final Normalization IMAGENET =
      new Normalization(
          List.of(.485f * 255, .456f * 255, .406f * 255),
          List.of(.229f * 255, .224f * 255, .225f * 255));

  /**
   * Of the CIFAR-10 training set: (0.4914, 0.4822, 0.4465) and (0.2470, 0.2435, 0.2616), times 255.
   */
  public static final Normalization CIFAR10 =
      new Normalization(
          List.of(.4914f * 255, .4822f * 255, .4465f * 255),
          List.of(.2470f * 255, .2435f * 255, .2616f * 255));

  /** Leaves pixels as they are, 0 to 255. */
  public static final Normalization NONE =
      new Normalization(List.of(0f, 0f, 0f), List.of(1f, 1f, 1f));

  /** Checks the ranges. */
  public Normalization {
    mean = List.copyOf(mean);
    std = List.copyOf(std);
    if (mean.size() != 3 || !mean.stream().allMatch(Float::isFinite)) {
      throw new IllegalArgumentException("Invalid mean: " + mean + " is not 3 finite numbers");
    }
    if (std.size() != 3 || !std.stream().allMatch(s -> Float.isFinite(s) && s > 0)) {
      throw new IllegalArgumentException("Invalid std: " + std + " is not 3 numbers above 0");
    }
  }

  /** A pixel's normalised value; {@code value} in [0, 255]. */
  public float apply(float value, int channel) {
    return (value - mean.get(channel)) / std.get(channel);
  }

  /** Whole means, nothing divided: whole pixels stay whole, and 0 is the mean colour still. */
  public Normalization centred() {
    return new Normalization(
        mean.stream().map(m -> (float) Math.rint(m)).toList(), List.of(1f, 1f, 1f));
  }
}
