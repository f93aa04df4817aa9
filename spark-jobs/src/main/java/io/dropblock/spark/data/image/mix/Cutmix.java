package io.dropblock.spark.data.image.mix;

import java.util.random.RandomGenerator;

/**
 * CutMix (Yun et al. 2019): a rectangle of the other image is put into the first one, at the same
 * place. Its sides are {@code sqrt(1 - weight)} of the square's, the weight from Beta(alpha,
 * alpha), its centre is uniform, and at the borders it is cut off; the label's weight is the share
 * of the pixels that are the first one's still. Random numbers are drawn in the order weight, x, y.
 *
 * @param alpha above 0 and at most 100; 1 in the paper, where the weight is uniform
 */
public record Cutmix(double alpha) implements BatchMix {
  /** Checks the range. */
  public Cutmix {
    SymmetricBeta.require(alpha, "cutmix");
  }

  @Override
  public float apply(Squares squares, RandomGenerator random) {
    int size = squares.size();
    double weight = new SymmetricBeta(alpha).draw(random);
    int x = random.nextInt(size);
    int y = random.nextInt(size);
    int half = (int) (0.5 * Math.sqrt(1 - weight) * size);
    int left = Math.max(x - half, 0);
    int right = Math.min(x + half, size);
    int top = Math.max(y - half, 0);
    int bottom = Math.min(y + half, size);
    squares.blend(
        left, right, top, bottom, (own, before) -> System.arraycopy(before, 0, own, 0, own.length));
    double cut = (double) (right - left) * (bottom - top);
    return BatchMix.within(1 - cut / ((double) size * size));
  }
}
