package io.dropblock.spark.data.image.mix;

import java.util.random.RandomGenerator;

/**
 * mixup (Zhang et al. 2018): the weighted sum of two images, the weight of the first from
 * Beta(alpha, alpha).
 *
 * @param alpha above 0 and at most 100; 0.2 in the paper for ImageNet
 */
public record Mixup(double alpha) implements BatchMix {
  /** Checks the range. */
  public Mixup {
    SymmetricBeta.require(alpha, "mixup");
  }

  @Override
  public float apply(Squares squares, RandomGenerator random) {
    float weight = BatchMix.within(new SymmetricBeta(alpha).draw(random));
    float rest = 1 - weight;
    squares.blend(
        0,
        squares.size(),
        0,
        squares.size(),
        (own, before) -> {
          for (int i = 0; i < own.length; i++) {
            own[i] = own[i] * weight + before[i] * rest;
          }
        });
    return weight;
  }
}
