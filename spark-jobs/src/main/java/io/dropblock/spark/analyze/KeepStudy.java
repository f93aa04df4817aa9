package io.dropblock.spark.analyze;

import io.dropblock.op.BlockGeometry;
import io.dropblock.op.DropBlockKernel;
import io.dropblock.op.DropMask;
import io.dropblock.op.MaskKey;
import io.dropblock.op.MaskSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * What share of a feature map DropBlock keeps, beside its nominal keep probability: the exact
 * expectation, and what the op did, over maps drawn with a seed.
 *
 * @param maps sides of square maps, pixels, each at least 1
 * @param blocks nominal sides of blocks, each at least 1; clipped to the map
 * @param keepProbabilities nominal, each 0 to 1
 * @param draws how many maps are drawn for each of the combinations, at least 2
 * @param seed of the masks
 */
public record KeepStudy(
    List<Integer> maps,
    List<Integer> blocks,
    List<Double> keepProbabilities,
    int draws,
    long seed) {
  private static final int AT_ONCE = 4096;

  /** Checks that there is something to draw. */
  public KeepStudy {
    maps = List.copyOf(maps);
    blocks = List.copyOf(blocks);
    keepProbabilities = List.copyOf(keepProbabilities);
    if (draws < 2) {
      throw new IllegalArgumentException("Invalid number of draws: " + draws);
    }
  }

  /**
   * One combination.
   *
   * @param block nominal side
   * @param geometry map and block, clipped to it
   * @param nominal keep probability
   * @param realised mean share that was kept, over all draws
   * @param error standard error of that mean, from the spread of the draws; 0 where all kept the
   *     same share
   */
  public record Row(
      int block, BlockGeometry geometry, double nominal, double realised, double error) {
    /** The probability that a block starts at a place. */
    public double gamma() {
      return geometry.gamma(nominal);
    }

    /** The exact expectation of the share that is kept. */
    public double expected() {
      return geometry.expectedKeep(nominal);
    }

    /** By how many standard errors the realised share is off; 0 where both are the same. */
    public double deviations() {
      double off = realised - expected();
      return Math.abs(off) < 1e-12 ? 0 : off / error;
    }
  }

  /** Draws. In the order of maps, then blocks, then keep probabilities. */
  public List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    DropBlockKernel kernel = DropBlockKernel.fastest();
    for (int side : maps) {
      for (int block : blocks) {
        for (double keep : keepProbabilities) {
          BlockGeometry geometry = BlockGeometry.clipped(side, side, block, block);
          rows.add(row(kernel, block, geometry, keep, rows.size()));
        }
      }
    }
    return rows;
  }

  private Row row(
      DropBlockKernel kernel, int block, BlockGeometry geometry, double keep, int number) {
    double[] shares = new double[draws];
    for (int first = 0; first < draws; first += AT_ONCE) {
      MaskKey key = new MaskKey(seed, MaskKey.layer("keep"), number, first);
      int samples = Math.min(AT_ONCE, draws - first);
      try (DropMask mask = kernel.sample(key, geometry, MaskSettings.of(keep), samples, 1)) {
        for (int sample = 0; sample < samples; sample++) {
          shares[first + sample] = (double) mask.kept(sample) / geometry.pixels();
        }
      }
    }
    double mean = DoubleStream.of(shares).sum() / draws;
    double squares = DoubleStream.of(shares).map(share -> (share - mean) * (share - mean)).sum();
    return new Row(block, geometry, keep, mean, Math.sqrt(squares / (draws - 1) / draws));
  }
}
