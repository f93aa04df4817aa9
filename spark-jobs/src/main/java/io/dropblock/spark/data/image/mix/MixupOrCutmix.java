package io.dropblock.spark.data.image.mix;

import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * One of the two for a micro-batch, with equal chance, as torchvision's {@code RandomChoice} in
 * {@code references/classification/train.py}. Random numbers are drawn in the order which, its own.
 *
 * @param mixup the one
 * @param cutmix the other
 */
public record MixupOrCutmix(Mixup mixup, Cutmix cutmix) implements BatchMix {
  /** Checks that both are there. */
  public MixupOrCutmix {
    Objects.requireNonNull(mixup, "mixup is null");
    Objects.requireNonNull(cutmix, "cutmix is null");
  }

  @Override
  public float apply(Squares squares, RandomGenerator random) {
    return (random.nextBoolean() ? mixup : cutmix).apply(squares, random);
  }
}
