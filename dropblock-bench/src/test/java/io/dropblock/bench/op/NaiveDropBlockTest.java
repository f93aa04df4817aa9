package io.dropblock.bench.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.bench.figure.TensorShape;
import io.dropblock.op.BlockGeometry;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** That it is DropBlock: else it would be no measure for one. */
class NaiveDropBlockTest {
  private static final int SAMPLES = 3;
  private static final int CHANNELS = 5;

  static Stream<BlockGeometry> geometries() {
    return Stream.of(
        new BlockGeometry(14, 14, 7, 7),
        new BlockGeometry(7, 7, 7, 7),
        new BlockGeometry(9, 12, 3, 3),
        new BlockGeometry(12, 9, 4, 4),
        new BlockGeometry(6, 8, 1, 1));
  }

  @ParameterizedTest
  @MethodSource("geometries")
  void dropsTheBlocksOfItsSeedsAndNoOthers(BlockGeometry geometry) {
    TensorShape shape = new TensorShape(SAMPLES, CHANNELS, geometry.height(), geometry.width());
    NaiveDropBlock naive = new NaiveDropBlock(shape, geometry, 0.9);
    boolean[][][][] dropped = new boolean[SAMPLES][CHANNELS][geometry.height()][geometry.width()];
    Random random = new Random(7);
    int count = 0;
    for (int block = 0; block < 12; block++) {
      int sample = random.nextInt(SAMPLES);
      int channel = random.nextInt(CHANNELS);
      int row = random.nextInt(geometry.startRows());
      int column = random.nextInt(geometry.startColumns());
      int[] centre = {
        sample, channel, row + geometry.blockHeight() / 2, column + geometry.blockWidth() / 2
      };
      naive.seeds().putScalar(centre, 1);
      for (int i = row; i < row + geometry.blockHeight(); i++) {
        for (int j = column; j < column + geometry.blockWidth(); j++) {
          count += dropped[sample][channel][i][j] ? 0 : 1;
          dropped[sample][channel][i][j] = true;
        }
      }
    }
    INDArray input = Nd4j.rand(DataType.FLOAT, shape.dimensions()).addi(0.5);
    INDArray output = Nd4j.createUninitialized(DataType.FLOAT, shape.dimensions());

    naive.forwardOfSeeds(input, output);

    double scale = (double) shape.elements() / (shape.elements() - count);
    for (int sample = 0; sample < SAMPLES; sample++) {
      for (int channel = 0; channel < CHANNELS; channel++) {
        for (int i = 0; i < geometry.height(); i++) {
          for (int j = 0; j < geometry.width(); j++) {
            double expected =
                dropped[sample][channel][i][j] ? 0 : input.getDouble(sample, channel, i, j) * scale;
            assertThat(output.getDouble(sample, channel, i, j))
                .as("%d %d %d %d", sample, channel, i, j)
                .isEqualTo(expected, within(1e-5));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("geometries")
  void keepsAsMuchAsTheDefinitionExpects(BlockGeometry geometry) {
    TensorShape shape = new TensorShape(16, 512, geometry.height(), geometry.width());
    NaiveDropBlock naive = new NaiveDropBlock(shape, geometry, 0.9);
    INDArray ones = Nd4j.ones(DataType.FLOAT, shape.dimensions());
    INDArray output = Nd4j.createUninitialized(DataType.FLOAT, shape.dimensions());
    Nd4j.getRandom().setSeed(1);

    naive.forward(ones, output);

    double kept = output.neq(0).castTo(DataType.FLOAT).meanNumber().doubleValue();
    // The share kept of one map deviates by at most sqrt(p (1 - p)) = 0.3, of 8192 maps by 0.0033
    assertThat(kept).isEqualTo(geometry.expectedKeep(0.9), within(5 * 0.3 / Math.sqrt(16 * 512)));
    // ND4J sums floats in float: a percent off for a million of them
    double mean = output.castTo(DataType.DOUBLE).meanNumber().doubleValue();
    assertThat(mean).isEqualTo(1, within(1e-5));
    assertThat(output.maxNumber().doubleValue()).isEqualTo(1 / kept, within(1e-4));
  }
}
