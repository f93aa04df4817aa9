package io.dropblock.spark.data.image.augment;

import io.dropblock.spark.data.image.Image;
import java.util.Locale;
import java.util.random.RandomGenerator;

/**
 * RandAugment (Cubuk et al. 2020) as torchvision's {@code RandAugment} has it: some operations one
 * after the other, each drawn from 14 with equal chance, all at one magnitude, of either sign where
 * they have one. Not TensorFlow's, whose operations and magnitudes differ. Random numbers are drawn
 * for each operation in the order which, sign.
 *
 * @param operations 1 to 14; 2 in torchvision
 * @param magnitude 0 to 30; 9 in torchvision
 */
public record RandAugment(int operations, int magnitude) implements AugmentPolicy {
  /** Checks the ranges. */
  public RandAugment {
    if (operations < 1 || operations > 14 || magnitude < 0 || magnitude >= Magnitudes.BINS) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Invalid RandAugment: %d operations not in 1 to 14, or magnitude %d not in 0 to 30",
              operations,
              magnitude));
    }
  }

  @Override
  public Image apply(Image image, RandomGenerator random) {
    Magnitudes magnitudes = magnitudes(image.width(), image.height());
    PillowOp[] all = PillowOp.values();
    Image result = image;
    for (int i = 0; i < operations; i++) {
      PillowOp op = all[random.nextInt(all.length)];
      double size = magnitudes.of(op, magnitude);
      result = op.apply(result, op.isSigned() && random.nextBoolean() ? -size : size);
    }
    return result;
  }

  /** For an image of that size, pixels. */
  static Magnitudes magnitudes(int width, int height) {
    return new Magnitudes(0.3, 150.0 / 331 * width, 150.0 / 331 * height, 30, 0.9, 4);
  }
}
