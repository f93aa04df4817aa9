package io.dropblock.nn.separable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.onednn.OneDnn;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

class DepthwiseConvolutionTest {
  private static final int CHANNELS = 18;

  @BeforeAll
  static void enable() {
    OneDnn.enable();
  }

  @AfterEach
  void restore() {
    Nd4j.setDefaultDataTypes(DataType.FLOAT, DataType.FLOAT);
  }

  /** Floats by our loops against doubles by DL4J. */
  @ParameterizedTest
  @CsvSource({
    "3, 1, false, 6, 7",
    "3, 1, true, 6, 7",
    "3, 2, true, 8, 8",
    "3, 2, false, 7, 9",
    "5, 1, true, 5, 6",
    "5, 2, true, 11, 8",
    "3, 2, true, 1, 2"
  })
  void isDl4jsLayer(int kernel, int stride, boolean relu, int height, int width) {
    ComputationGraph loops = network(DataType.FLOAT, kernel, stride, relu, height, width);
    ComputationGraph plain = network(DataType.DOUBLE, kernel, stride, relu, height, width);
    plain.params().assign(loops.params().castTo(DataType.DOUBLE));
    INDArray x = Nd4j.randn(DataType.FLOAT, 2, height, width, CHANNELS);
    INDArray y = maps(loops, x);
    INDArray expected = maps(plain, x.castTo(DataType.DOUBLE));
    assertThat(y.shape())
        .containsExactly(
            2, (height + stride - 1) / stride, (width + stride - 1) / stride, CHANNELS);
    requireClose(y, expected);
    INDArray labels = Nd4j.randn(DataType.FLOAT, 2, CHANNELS);
    requireClose(gradient(loops, x, labels), gradient(plain, x, labels));
  }

  private static INDArray maps(ComputationGraph network, INDArray x) {
    return network.feedForward(x, false).get("second");
  }

  private static INDArray gradient(ComputationGraph network, INDArray x, INDArray labels) {
    DataType type = network.params().dataType();
    network.setInputs(x.castTo(type));
    network.setLabels(labels.castTo(type));
    network.computeGradientAndScore();
    return network.getFlattenedGradients();
  }

  private static void requireClose(INDArray actual, INDArray expected) {
    double largest = expected.amaxNumber().doubleValue();
    assertThat(actual.castTo(DataType.DOUBLE).sub(expected).amaxNumber().doubleValue() / largest)
        .isCloseTo(0, within(2e-6));
  }

  @ParameterizedTest
  @CsvSource({"3, 1, true", "3, 2, true", "5, 1, false", "5, 2, true"})
  void gradientsAreRight(int kernel, int stride, boolean relu) {
    Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
    ComputationGraph network = network(DataType.DOUBLE, kernel, stride, relu, 5, 6);
    INDArray x = Nd4j.randn(DataType.DOUBLE, 2, 5, 6, CHANNELS);
    INDArray labels = Nd4j.randn(DataType.DOUBLE, 2, CHANNELS);
    assertThat(
            GradientCheckUtil.checkGradients(
                new GradientCheckUtil.GraphConfig()
                    .net(network)
                    .inputs(new INDArray[] {x})
                    .labels(new INDArray[] {labels})
                    .subset(true)
                    .maxPerParam(40)))
        .isTrue();
  }

  @Test
  void comesBackFromJson() {
    ComputationGraph network = network(DataType.FLOAT, 5, 2, true, 8, 8);
    var again = ComputationGraphConfiguration.fromJson(network.getConfiguration().toJson());
    assertThat(again).isEqualTo(network.getConfiguration());
    var other = network(DataType.FLOAT, 5, 2, false, 8, 8);
    assertThat(again).isNotEqualTo(other.getConfiguration());
  }

  @Test
  void refusesChannelsFirst() {
    DepthwiseConvolution layer = new DepthwiseConvolution(3, 1, false);
    layer.setLayerName("separable");
    assertThatThrownBy(() -> layer.setNIn(InputType.convolutional(4, 4, 2), true))
        .hasMessageStartingWith("Cannot apply DepthwiseConvolution 'separable' to ")
        .hasMessageEndingWith("maps with the channels last are needed");
    assertThatThrownBy(() -> new DepthwiseConvolution(3, 0, false))
        .hasMessage("Cannot convolve channels with kernel 3 and stride 0");
  }

  /** Two layers, so that the gradient at an input is in the gradients compared. */
  private static ComputationGraph network(
      DataType type, int kernel, int stride, boolean relu, int height, int width) {
    var configuration =
        new NeuralNetConfiguration.Builder()
            .dataType(type)
            .seed(5)
            .updater(new NoOp())
            .graphBuilder()
            .addInputs("maps")
            .setInputTypes(InputType.convolutional(height, width, CHANNELS, CNN2DFormat.NHWC))
            .addLayer("first", new DepthwiseConvolution(3, 1, relu), "maps")
            .addLayer("second", new DepthwiseConvolution(kernel, stride, relu), "first")
            .addLayer(
                "pool",
                new GlobalPoolingLayer.Builder(PoolingType.AVG).poolingDimensions(1, 2).build(),
                "second")
            .addLayer(
                "loss",
                new LossLayer.Builder(LossFunction.MSE).activation(Activation.IDENTITY).build(),
                "pool")
            .setOutputs("loss")
            .build();
    ComputationGraph network = new ComputationGraph(configuration);
    network.init();
    return network;
  }
}
