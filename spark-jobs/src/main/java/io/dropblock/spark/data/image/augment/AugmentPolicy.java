package io.dropblock.spark.data.image.augment;

import io.dropblock.spark.data.image.Image;
import java.io.Serializable;
import java.util.random.RandomGenerator;

/** Draws operations, and makes another image by them. */
public sealed interface AugmentPolicy extends Serializable
    permits AutoAugment, RandAugment, TrivialAugment {
  /** Makes another image of the same size, or gives that one. */
  Image apply(Image image, RandomGenerator random);
}
