package io.dropblock.spark.train.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.dropblock.metric.Histogram;
import io.dropblock.optimizer.MomentumSettings;
import io.dropblock.spark.train.SmallRun;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class WatchedLayersTest {
  private static final int BATCH = 4;

  private final ComputationGraph network =
      SmallRun.network(
          new MomentumSettings(0, false),
          layers ->
              layers
                  .addLayer("bn", new BatchNormalization(), "conv")
                  .addLayer("last", new ActivationLayer(Activation.IDENTITY), "bn"));

  @Test
  void someAreThoseWithWeights() {
    assertThat(WatchedLayers.some().parameters(network).keySet())
        .containsExactly("conv/b", "conv/W", "out/W", "out/b");
    assertThat(WatchedLayers.none().parameters(network)).isEmpty();
  }

  @Test
  void namesMayHoldAnyText() {
    assertThat(WatchedLayers.named(List.of("b*", "o.t")).parameters(network).keySet())
        .containsExactly("bn/gamma", "bn/beta", "bn/mean", "bn/log10stdev");
    assertThat(WatchedLayers.named(List.of("b*", "o.t")).unknown(network)).hasValue("o.t");
    assertThat(WatchedLayers.named(List.of("*n*", "out")).unknown(network)).isEmpty();
  }

  @Test
  void parametersAreCountedAsTheyAre() {
    Histogram weights = WatchedLayers.some().parameters(network).get("conv/W");
    INDArray expected = network.getParam("conv_W");
    assertThat(weights.number()).isEqualTo(expected.length());
    assertThat(weights.sum()).isCloseTo(expected.sumNumber().doubleValue(), within(1e-5));
    assertThat(weights.least()).isEqualTo(expected.minNumber().floatValue());
    assertThat(weights.most()).isEqualTo(expected.maxNumber().floatValue());
  }

  /** DL4J's gradients of a batch are sums over its images, but for moving statistics. */
  @Test
  void gradientsAreMeansOverImages() {
    network.setInputs(Nd4j.rand(DataType.FLOAT, BATCH, 3, SmallRun.SIZE, SmallRun.SIZE));
    network.setLabels(Nd4j.zeros(DataType.FLOAT, BATCH, 1));
    network.computeGradientAndScore();
    Map<String, Histogram> gradients = WatchedLayers.named(List.of("*")).gradients(network);
    assertThat(gradients.keySet())
        .containsExactly("conv/b", "conv/W", "bn/gamma", "bn/beta", "out/W", "out/b");
    for (String name : gradients.keySet()) {
      INDArray expected =
          network.gradient().getGradientFor(name.replace('/', '_')).dup().divi(BATCH);
      Histogram gradient = gradients.get(name);
      assertThat(gradient.number()).isEqualTo(expected.length());
      assertThat(gradient.most())
          .as(name)
          .isCloseTo(expected.maxNumber().doubleValue(), within(1e-7));
      assertThat(gradient.squares())
          .isCloseTo(expected.mul(expected).sumNumber().doubleValue(), withinPercentage(1e-3));
    }
    assertThat(gradients.get("conv/W").squares()).isPositive();
  }
}
