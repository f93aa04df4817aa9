package io.dropblock.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** The moving variance against the reference's formula, one number after the other in double. */
class BatchNormTest {
  private static final double DECAY = .75;
  private static final int CHANNELS = 3;

  @ParameterizedTest
  @CsvSource({
    "FLOAT, NCHW, 2, true", "FLOAT, NHWC, 2, true", "DOUBLE, NCHW, 2, true",
    "DOUBLE, NHWC, 2, true", "FLOAT, NHWC, 2, false", "DOUBLE, NCHW, 2, false",
    "FLOAT, NHWC, 1, true", "DOUBLE, NCHW, 1, false"
  })
  void ofMapsIsThatOfASample(DataType type, CNN2DFormat format, int side, boolean log) {
    int samples = side == 1 ? 1 : 2;
    long[] shape =
        format == CNN2DFormat.NCHW
            ? new long[] {samples, CHANNELS, side, side}
            : new long[] {samples, side, side, CHANNELS};
    Nd4j.getRandom().setSeed(5);
    INDArray maps = Nd4j.randn(DataType.DOUBLE, shape).mul(3).add(1).castTo(type);
    MultiLayerNetwork network = network(type, format, log, true);
    network.fit(maps, maps.mul(0));
    network.fit(maps, maps.mul(0));
    requireMovingVariance(
        network, format == CNN2DFormat.NCHW ? maps : maps.permute(0, 3, 1, 2), log);
  }

  @ParameterizedTest
  @CsvSource({"FLOAT, true", "DOUBLE, false"})
  void ofRowsIsThatOfASample(DataType type, boolean log) {
    Nd4j.getRandom().setSeed(6);
    INDArray rows = Nd4j.randn(DataType.DOUBLE, 5, CHANNELS).mul(2).castTo(type);
    MultiLayerNetwork network = network(type, CNN2DFormat.NCHW, log, false);
    network.fit(rows, rows.mul(0));
    network.fit(rows, rows.mul(0));
    requireMovingVariance(network, rows, log);
  }

  /**
   * @param array channels in the second dimension, seen twice in training
   */
  private static void requireMovingVariance(
      MultiLayerNetwork network, INDArray array, boolean log) {
    double tolerance = array.dataType() == DataType.DOUBLE ? 1e-12 : 1e-5;
    INDArray moving = network.getParam(log ? "0_log10stdev" : "0_var");
    for (int channel = 0; channel < CHANNELS; channel++) {
      int which = channel;
      double[] values =
          IntStream.range(0, (int) array.size(0))
              .mapToObj(sample -> array.slice(sample).slice(which).dup('c').castTo(DataType.DOUBLE))
              .flatMapToDouble(map -> java.util.Arrays.stream(map.data().asDouble()))
              .toArray();
      double mean = java.util.Arrays.stream(values).average().orElseThrow();
      double squares = java.util.Arrays.stream(values).map(x -> (x - mean) * (x - mean)).sum();
      double variance = squares / Math.max(1, values.length - 1);
      double expected = DECAY * (DECAY + (1 - DECAY) * variance) + (1 - DECAY) * variance;
      double found = moving.getDouble(channel);
      assertThat(log ? Math.pow(10, 2 * found) : found)
          .isCloseTo(expected, within(tolerance * expected));
    }
  }

  private static MultiLayerNetwork network(
      DataType type, CNN2DFormat format, boolean log, boolean maps) {
    BatchNorm norm = new BatchNorm(DECAY, 1e-5, 1, true);
    norm.setNIn(CHANNELS);
    norm.setNOut(CHANNELS);
    norm.keepVariance(!log);
    norm.setCnn2DFormat(format);
    var list =
        new NeuralNetConfiguration.Builder().dataType(type).updater(new NoOp()).list().layer(norm);
    if (maps) {
      list.layer(
          new CnnLossLayer.Builder(LossFunction.MSE)
              .format(format)
              .activation(Activation.IDENTITY)
              .build());
    } else {
      list.layer(new LossLayer.Builder(LossFunction.MSE).activation(Activation.IDENTITY).build());
    }
    MultiLayerNetwork network = new MultiLayerNetwork(list.build());
    network.init();
    return network;
  }

  /** Of a network that was never initialised DL4J forgets it. */
  @Test
  void theFormIsInTheConfiguration() {
    for (boolean log : new boolean[] {false, true}) {
      var configuration = ComputationGraphConfiguration.fromJson(graph(log).toJson()).clone();
      ComputationGraph network = new ComputationGraph(configuration);
      network.init();
      assertThat(network.getLayer("norm").paramTable().keySet())
          .containsExactly("gamma", "beta", "mean", log ? "log10stdev" : "var");
      assertThat(NetworkState.of(network).restore().getLayer("norm").paramTable().keySet())
          .containsExactly("gamma", "beta", "mean", log ? "log10stdev" : "var");
    }
  }

  /** A checkpoint of an older version trains on as it did, bit for bit the same bytes. */
  @Test
  void networksOfOlderVersionsGoOnWithTheLogarithm() {
    ComputationGraph now = new ComputationGraph(graph(false));
    now.init();
    ComputationGraph older = OlderNorms.of(now);
    ComputationGraph log = new ComputationGraph(graph(true));
    log.init(older.params().dup(), false);
    INDArray rows = Nd4j.rand(DataType.FLOAT, 6, CHANNELS).mul(3);
    for (ComputationGraph network : List.of(older, log, now)) {
      network.fit(new INDArray[] {rows}, new INDArray[] {rows});
    }
    assertThat(older.getLayer("norm").paramTable()).containsKey("log10stdev");
    assertThat(older.params()).isEqualTo(log.params());
    double[] variances = now.getLayer("norm").getParam("var").toDoubleVector();
    double[] logarithms = older.getLayer("norm").getParam("log10stdev").toDoubleVector();
    for (int i = 0; i < CHANNELS; i++) {
      assertThat(variances[i]).isNotCloseTo(1, within(1e-3));
      assertThat(Math.pow(10, 2 * logarithms[i])).isCloseTo(variances[i], within(1e-5));
    }
  }

  private static ComputationGraphConfiguration graph(boolean log) {
    BatchNorm norm = new BatchNorm(DECAY, 1e-5, 1, true);
    norm.keepVariance(!log);
    norm.setNIn(CHANNELS);
    norm.setNOut(CHANNELS);
    return new NeuralNetConfiguration.Builder()
        .updater(new NoOp())
        .graphBuilder()
        .addInputs("in")
        .addLayer("norm", norm, "in")
        .addLayer(
            "out",
            new LossLayer.Builder(LossFunction.MSE).activation(Activation.IDENTITY).build(),
            "norm")
        .setOutputs("out")
        .build();
  }
}
