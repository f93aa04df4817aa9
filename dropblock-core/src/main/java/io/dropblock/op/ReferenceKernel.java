package io.dropblock.op;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The definition of the op: slow on purpose, for reading and for checking faster kernels. */
public final class ReferenceKernel implements DropBlockKernel {
  private static final int WORDS = 4;

  @Override
  public DropMask sample(
      MaskKey key, BlockGeometry geometry, double keepProbability, int samples, int channels) {
    DropMask mask = new DropMask(samples, channels, geometry);
    StartGaps gaps = new StartGaps(geometry.gamma(keepProbability), geometry.starts());
    for (int sample = 0; sample < samples; sample++) {
      for (int channel = 0; channel < channels; channel++) {
        dropBlocks(mask, key, gaps, sample, channel);
      }
    }
    return mask;
  }

  /** Walks over the grid of block starts of one map, row by row, from one start to the next. */
  private static void dropBlocks(
      DropMask mask, MaskKey key, StartGaps gaps, int sample, int channel) {
    BlockGeometry geometry = mask.geometry();
    int draw = 0;
    int start = gaps.gap(word(key, sample, channel, draw++));
    while (start < geometry.starts()) {
      int row = start / geometry.startColumns();
      int column = start % geometry.startColumns();
      mask.dropBlock(sample, channel, row, column);
      start += 1 + gaps.gap(word(key, sample, channel, draw++));
    }
  }

  /** Random word number {@code draw} of one map. */
  private static int word(MaskKey key, int sample, int channel, int draw) {
    int[] counter = {draw / WORDS, channel, (int) (key.firstSample() + sample), (int) key.step()};
    Philox.encrypt(counter, key.philoxKey());
    return counter[draw % WORDS];
  }

  @Override
  public void apply(DropMask mask, INDArray input, INDArray output) {
    requireShape(mask, input);
    requireShape(mask, output);
    double[] factors = new double[Math.toIntExact(mask.size())];
    double scale = mask.scale();
    for (int index = 0; index < factors.length; index++) {
      factors[index] = mask.keeps(index) ? scale : 0;
    }
    INDArray factor =
        Nd4j.createFromArray(factors).castTo(input.dataType()).reshape('c', input.shape());
    input.muli(factor, output);
  }

  private static void requireShape(DropMask mask, INDArray array) {
    BlockGeometry geometry = mask.geometry();
    long[] shape = {mask.samples(), mask.channels(), geometry.height(), geometry.width()};
    if (!Arrays.equals(shape, array.shape())) {
      throw new IllegalArgumentException(
          "Cannot apply a mask of shape %s to an array of shape %s"
              .formatted(Arrays.toString(shape), Arrays.toString(array.shape())));
    }
  }
}
