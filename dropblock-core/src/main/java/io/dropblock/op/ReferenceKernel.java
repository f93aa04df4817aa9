package io.dropblock.op;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The definition of the op: slow on purpose, for reading and for checking faster kernels. */
public final class ReferenceKernel implements DropBlockKernel {
  private static final int WORDS = 4;

  @Override
  public DropMask sample(
      MaskKey key, BlockGeometry geometry, MaskSettings settings, int samples, int channels) {
    DropMask mask = new DropMask(settings, samples, channels, geometry);
    StartGaps gaps = new StartGaps(settings.gamma(geometry), geometry.starts());
    for (int sample = 0; sample < samples; sample++) {
      for (int channel = 0; channel < mask.mapsPerSample(); channel++) {
        dropBlocks(mask, key, gaps, sample, channel);
      }
    }
    return mask;
  }

  /** Walks over the grid of block starts of one map, row by row, from one start to the next. */
  private static void dropBlocks(
      DropMask mask, MaskKey key, StartGaps gaps, int sample, int channel) {
    BlockGeometry geometry = mask.geometry();
    int map = sample * mask.mapsPerSample() + channel;
    int start = 0;
    for (int draw = 0; start < geometry.starts(); draw++) {
      int gap = gaps.gap(word(key, sample, channel, draw));
      start += gap;
      if (gap < gaps.horizon() && start < geometry.starts()) {
        int row = start / geometry.startColumns();
        int column = start % geometry.startColumns();
        mask.addDropped(sample, mask.dropBlock(map, row, column));
        start++;
      }
    }
  }

  /**
   * Random word number {@code draw} of one map. Four channels share the encryption of their first
   * words, as most maps need no other.
   */
  private static int word(MaskKey key, int sample, int channel, int draw) {
    return draw == 0
        ? encrypted(key, sample, 0, channel / WORDS)[channel % WORDS]
        : encrypted(key, sample, 1 + (draw - 1) / WORDS, channel)[(draw - 1) % WORDS];
  }

  private static int[] encrypted(MaskKey key, int sample, int block, int place) {
    int[] counter = {block, place, (int) (key.firstSample() + sample), (int) key.step()};
    Philox.encrypt(counter, key.philoxKey());
    return counter;
  }

  @Override
  public void apply(DropMask mask, INDArray input, INDArray output) {
    Tensors.requireFitting(mask, input, output);
    BlockGeometry geometry = mask.geometry();
    double[] factors = new double[Math.toIntExact(mask.size())];
    int index = 0;
    for (int sample = 0; sample < mask.samples(); sample++) {
      double scale = mask.scale(sample);
      for (int channel = 0; channel < mask.channels(); channel++) {
        for (int row = 0; row < geometry.height(); row++) {
          for (int column = 0; column < geometry.width(); column++) {
            factors[index++] = mask.keeps(sample, channel, row, column) ? scale : 0;
          }
        }
      }
    }
    INDArray factor =
        Nd4j.createFromArray(factors).castTo(input.dataType()).reshape('c', input.shape());
    input.muli(factor, output);
  }
}
