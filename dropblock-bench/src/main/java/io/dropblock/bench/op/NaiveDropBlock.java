package io.dropblock.bench.op;

import io.dropblock.bench.figure.TensorShape;
import io.dropblock.op.BlockGeometry;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.CustomOp;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.random.impl.BernoulliDistribution;
import org.nd4j.linalg.factory.Nd4j;

/**
 * DropBlock as one would put it together from ND4J's ops, the way of {@code tensorflow/tpu:
 * models/official/resnet/resnet_model.py}:
 *
 * <ol>
 *   <li>seeds = Bernoulli on the whole map: gamma where a block around the pixel lies inside the
 *       map, else 0
 *   <li>dropped = max-pool of the seeds, the block as its window, stride 1, padding SAME
 *   <li>kept = 1 - dropped
 *   <li>output = input * kept * (elements / sum of kept)
 * </ol>
 *
 * <p>The law of the masks is that of {@link io.dropblock.op.ReferenceKernel}, their random numbers
 * are not. Made as fast as this road allows: one array of probabilities made beforehand stands in
 * for a second pass over the seeds, and every intermediate array is allocated once.
 */
final class NaiveDropBlock {
  private final INDArray probabilities;
  private final INDArray seeds;
  private final INDArray kept;
  private final CustomOp dilation;

  NaiveDropBlock(TensorShape shape, BlockGeometry geometry, double keepProbability) {
    this.probabilities =
        centres(geometry)
            .muli(geometry.gamma(keepProbability))
            .broadcast(Nd4j.createUninitialized(shape.dimensions(), 'c'));
    this.seeds = Nd4j.create(shape.dimensions(), 'c');
    this.kept = Nd4j.create(shape.dimensions(), 'c');
    int height = geometry.blockHeight();
    int width = geometry.blockWidth();
    // window, stride 1, no explicit padding, dilation 1, padding SAME, unused, NCHW
    this.dilation =
        DynamicCustomOp.builder("maxpool2d")
            .addInputs(seeds)
            .addOutputs(kept)
            .addIntegerArguments(height, width, 1, 1, 0, 0, 1, 1, 1, 0, 0)
            .build();
  }

  /**
   * 1 where a block whose centre is there lies inside the map, else 0. SAME padding puts the centre
   * of an even side behind its middle.
   */
  private static INDArray centres(BlockGeometry geometry) {
    INDArray centres = Nd4j.zeros(1, 1, geometry.height(), geometry.width());
    for (int row = 0; row < geometry.startRows(); row++) {
      for (int column = 0; column < geometry.startColumns(); column++) {
        centres.putScalar(
            0, 0, row + geometry.blockHeight() / 2, column + geometry.blockWidth() / 2, 1);
      }
    }
    return centres;
  }

  /** One forward pass with new seeds. */
  void forward(INDArray input, INDArray output) {
    Nd4j.getExecutioner().exec(new BernoulliDistribution(seeds, probabilities));
    forwardOfSeeds(input, output);
  }

  /** The forward pass with the seeds that are there. */
  void forwardOfSeeds(INDArray input, INDArray output) {
    Nd4j.exec(dilation);
    kept.rsubi(1);
    double ones = kept.sumNumber().doubleValue();
    input.muli(kept, output);
    output.muli(ones == 0 ? 0 : kept.length() / ones);
  }

  /** The seeds, {@code [samples, channels, height, width]}, 1 at the centre of each block. */
  INDArray seeds() {
    return seeds;
  }
}
