package io.dropblock.spark.data.image.mix;

import java.io.Serializable;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Mixes each image of a micro-batch with the one before it, the first with the last, by one weight
 * for all, as torchvision's {@code references/classification/transforms.py} does: its partner is
 * the batch rolled by one. Plain data, so a task can be sent one.
 */
public sealed interface BatchMix extends Serializable permits Mixup, Cutmix, MixupOrCutmix {
  /**
   * Mixes in place.
   *
   * @return the weight of each image's own label, above 0 and below 1; the rest is that of the
   *     image before
   */
  float apply(Squares squares, RandomGenerator random);

  /**
   * That of a recipe.
   *
   * @param mixup of the Beta distribution of {@link Mixup}; 0 for none of it
   * @param cutmix of the Beta distribution of {@link Cutmix}; 0 for none of it
   * @return empty where nothing is mixed; where both are, either with equal chance
   */
  static Optional<BatchMix> of(double mixup, double cutmix) {
    if (mixup != 0 && cutmix != 0) {
      return Optional.of(new MixupOrCutmix(new Mixup(mixup), new Cutmix(cutmix)));
    }
    if (mixup != 0) {
      return Optional.of(new Mixup(mixup));
    }
    return cutmix == 0 ? Optional.empty() : Optional.of(new Cutmix(cutmix));
  }

  /**
   * A weight as the labels have it: never 0 or 1 to the last bit, so that no row of labels is taken
   * for a one-hot one.
   */
  static float within(double weight) {
    return Math.max(0x1p-24f, Math.min((float) weight, 1 - 0x1p-24f));
  }
}
