package io.dropblock.spark.data.image.augment;

import io.dropblock.spark.data.image.Image;
import java.util.random.RandomGenerator;

/**
 * TrivialAugment (Müller, Hutter 2021) with the wide ranges, as torchvision's {@code
 * TrivialAugmentWide} has it: one operation, drawn from 14 with equal chance, at one of 31
 * magnitudes, of either sign where it has one. Random numbers are drawn in the order which,
 * magnitude, sign, each only where there is something to draw.
 */
public record TrivialAugment() implements AugmentPolicy {
  static final Magnitudes WIDE = new Magnitudes(0.99, 32, 32, 135, 0.99, 6);

  @Override
  public Image apply(Image image, RandomGenerator random) {
    PillowOp[] all = PillowOp.values();
    PillowOp op = all[random.nextInt(all.length)];
    boolean fixed =
        op == PillowOp.IDENTITY || op == PillowOp.AUTO_CONTRAST || op == PillowOp.EQUALIZE;
    double size = fixed ? 0 : WIDE.of(op, random.nextInt(Magnitudes.BINS));
    return op.apply(image, op.isSigned() && random.nextBoolean() ? -size : size);
  }
}
