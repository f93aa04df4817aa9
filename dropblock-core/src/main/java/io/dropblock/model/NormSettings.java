package io.dropblock.model;

/**
 * What all batch normalisations of a network share.
 *
 * @param decay what the moving statistics keep of themselves at each step, in [0, 1)
 * @param epsilon added to the variance, above 0
 * @param frozen whether they work by their moving statistics in training, too, which then stay as
 *     they are; scale and shift are learned all the same
 */
public record NormSettings(double decay, double epsilon, boolean frozen) {

  /** The paper's for classification, {@code tensorflow/tpu: models/official/resnet}. */
  public static final NormSettings CLASSIFICATION = new NormSettings(.9, 1e-5);

  /**
   * The paper's for detection and segmentation, {@code tensorflow/tpu: models/official/retinanet}.
   */
  public static final NormSettings PYRAMID = new NormSettings(.997, 1e-4);

  /** By the statistics of each batch in training. */
  public NormSettings(double decay, double epsilon) {
    this(decay, epsilon, false);
  }

  /** Checks the ranges. */
  public NormSettings {
    if (!(decay >= 0 && decay < 1)) {
      throw new IllegalArgumentException(
          "Invalid decay of batch normalisation: " + decay + " is not in [0, 1)");
    }
    if (!(epsilon > 0 && epsilon < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "Invalid epsilon of batch normalisation: " + epsilon + " is not a finite number above 0");
    }
  }
}
