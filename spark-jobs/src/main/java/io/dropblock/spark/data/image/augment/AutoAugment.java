package io.dropblock.spark.data.image.augment;

import static io.dropblock.spark.data.image.augment.AugmentOp.AUTO_CONTRAST;
import static io.dropblock.spark.data.image.augment.AugmentOp.COLOR;
import static io.dropblock.spark.data.image.augment.AugmentOp.EQUALIZE;
import static io.dropblock.spark.data.image.augment.AugmentOp.INVERT;
import static io.dropblock.spark.data.image.augment.AugmentOp.POSTERIZE;
import static io.dropblock.spark.data.image.augment.AugmentOp.ROTATE;
import static io.dropblock.spark.data.image.augment.AugmentOp.SHEAR_X;
import static io.dropblock.spark.data.image.augment.AugmentOp.SHEAR_Y;
import static io.dropblock.spark.data.image.augment.AugmentOp.SOLARIZE;
import static io.dropblock.spark.data.image.augment.AugmentOp.SOLARIZE_ADD;
import static io.dropblock.spark.data.image.augment.AugmentOp.TRANSLATE_Y;

import io.dropblock.spark.data.image.Image;
import java.io.Serializable;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * AutoAugment's policy for ImageNet (Cubuk et al. 2019; TPU {@code efficientnet/autoaugment.py}).
 * One of its pairs of operations is done, each operation with its own probability; what comes from
 * outside the image is grey, 128. Translations are in pixels, as in that code: a square of 225 or
 * less may be all grey. Random numbers are drawn in the order pair, first operation, second; for
 * each whether, and the sign where it is done and has one.
 *
 * @param pairs each as likely as the others
 */
public record AutoAugment(List<Pair> pairs) implements AugmentPolicy {
  /** What the paper found on ImageNet, as that code has it under the name {@code v0}. */
  public static final AutoAugment V0 =
      new AutoAugment(
          List.of(
              new Pair(new Step(EQUALIZE, 0.8, 1), new Step(SHEAR_Y, 0.8, 4)),
              new Pair(new Step(COLOR, 0.4, 9), new Step(EQUALIZE, 0.6, 3)),
              new Pair(new Step(COLOR, 0.4, 1), new Step(ROTATE, 0.6, 8)),
              new Pair(new Step(SOLARIZE, 0.8, 3), new Step(EQUALIZE, 0.4, 7)),
              new Pair(new Step(SOLARIZE, 0.4, 2), new Step(SOLARIZE, 0.6, 2)),
              new Pair(new Step(COLOR, 0.2, 0), new Step(EQUALIZE, 0.8, 8)),
              new Pair(new Step(EQUALIZE, 0.4, 8), new Step(SOLARIZE_ADD, 0.8, 3)),
              new Pair(new Step(SHEAR_X, 0.2, 9), new Step(ROTATE, 0.6, 8)),
              new Pair(new Step(COLOR, 0.6, 1), new Step(EQUALIZE, 1.0, 2)),
              new Pair(new Step(INVERT, 0.4, 9), new Step(ROTATE, 0.6, 0)),
              new Pair(new Step(EQUALIZE, 1.0, 9), new Step(SHEAR_Y, 0.6, 3)),
              new Pair(new Step(COLOR, 0.4, 7), new Step(EQUALIZE, 0.6, 0)),
              new Pair(new Step(POSTERIZE, 0.4, 6), new Step(AUTO_CONTRAST, 0.4, 7)),
              new Pair(new Step(SOLARIZE, 0.6, 8), new Step(COLOR, 0.6, 9)),
              new Pair(new Step(SOLARIZE, 0.2, 4), new Step(ROTATE, 0.8, 9)),
              new Pair(new Step(ROTATE, 1.0, 7), new Step(TRANSLATE_Y, 0.8, 9)),
              new Pair(new Step(SHEAR_X, 0.0, 0), new Step(SOLARIZE, 0.8, 4)),
              new Pair(new Step(SHEAR_Y, 0.8, 0), new Step(COLOR, 0.6, 4)),
              new Pair(new Step(COLOR, 1.0, 0), new Step(ROTATE, 0.6, 2)),
              new Pair(new Step(EQUALIZE, 0.8, 4), new Step(EQUALIZE, 0.0, 8)),
              new Pair(new Step(EQUALIZE, 1.0, 4), new Step(AUTO_CONTRAST, 0.6, 2)),
              new Pair(new Step(SHEAR_Y, 0.4, 7), new Step(SOLARIZE_ADD, 0.6, 7)),
              new Pair(new Step(POSTERIZE, 0.8, 2), new Step(SOLARIZE, 0.6, 10)),
              new Pair(new Step(SOLARIZE, 0.6, 8), new Step(EQUALIZE, 0.6, 1)),
              new Pair(new Step(COLOR, 0.8, 6), new Step(ROTATE, 0.4, 5))));

  /** Checks that there is something to draw. */
  public AutoAugment {
    pairs = List.copyOf(pairs);
    if (pairs.isEmpty()) {
      throw new IllegalArgumentException("Invalid policy: it has no pairs");
    }
  }

  /** One operation after the other. */
  record Pair(Step first, Step second) implements Serializable {}

  /**
   * An operation with what it does and how often.
   *
   * @param probability 0 to 1
   * @param level 0 to 10
   */
  record Step(AugmentOp op, double probability, int level) implements Serializable {
    private Image apply(Image image, RandomGenerator random) {
      if (random.nextDouble() >= probability) {
        return image;
      }
      return op.apply(image, level, op.isSigned() && random.nextBoolean() ? -1 : 1);
    }
  }

  @Override
  public Image apply(Image image, RandomGenerator random) {
    Pair pair = pairs.get(random.nextInt(pairs.size()));
    return pair.second().apply(pair.first().apply(image, random), random);
  }
}
