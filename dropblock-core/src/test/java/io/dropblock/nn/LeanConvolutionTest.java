package io.dropblock.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.onednn.OneDnn;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** The convolution with a ReLU; without one, {@link LeanLayersTest} holds it against DL4J's. */
class LeanConvolutionTest {
  @BeforeAll
  static void enable() {
    OneDnn.enable();
  }

  @ParameterizedTest
  @CsvSource({
    "FLOAT, NCHW, 1, true",
    "FLOAT, NHWC, 1, true",
    "FLOAT, NHWC, 1, false",
    "FLOAT, NHWC, 2, true",
    "DOUBLE, NCHW, 1, true",
    "DOUBLE, NHWC, 1, false"
  })
  void cutsOffWhatIsBelowZero(DataType type, CNN2DFormat format, int dilation, boolean bias) {
    MultiLayerNetwork linear = network(LeanConvolution.of(builder(dilation, bias)), type, format);
    MultiLayerNetwork rectified =
        network(LeanConvolution.withRelu(builder(dilation, bias)), type, format);
    Nd4j.getRandom().setSeed(4);
    linear.params().assign(Nd4j.randn(type, linear.params().shape()));
    rectified.setParams(linear.params());
    INDArray images =
        format == CNN2DFormat.NCHW ? Nd4j.randn(type, 2, 3, 6, 5) : Nd4j.randn(type, 2, 6, 5, 3);
    INDArray expected = Transforms.relu(linear.output(images), true);
    assertThat(rectified.output(images)).isEqualTo(expected);
    assertThat(expected.minNumber().doubleValue()).isZero();
    assertThat(expected.maxNumber().doubleValue()).isPositive();
  }

  @Test
  void comesBackFromJson() {
    MultiLayerConfiguration before =
        network(LeanConvolution.withRelu(builder(1, true)), DataType.FLOAT, CNN2DFormat.NCHW)
            .getLayerWiseConfigurations();
    MultiLayerConfiguration after = MultiLayerConfiguration.fromJson(before.toJson());
    LeanConvolution read = (LeanConvolution) after.getConf(0).getLayer();
    assertThat(read.relu()).isTrue();
    assertThat(read.clone().relu()).isTrue();
    assertThat(read).isEqualTo(before.getConf(0).getLayer());
  }

  @Test
  void isNotEqualToTheOneWithoutReLU() {
    LeanConvolution linear = LeanConvolution.of(builder(1, true));
    assertThat(linear.relu()).isFalse();
    assertThat(linear)
        .isEqualTo(LeanConvolution.of(builder(1, true)))
        .isNotEqualTo(LeanConvolution.withRelu(builder(1, true)));
  }

  @Test
  void readsWhatWasWrittenBeforeThereWasAReLU() {
    String json =
        network(LeanConvolution.of(builder(1, true)), DataType.FLOAT, CNN2DFormat.NCHW)
            .getLayerWiseConfigurations()
            .toJson();
    String old = json.replaceAll(",\\s*\"relu\" : false", "");
    assertThat(old).doesNotContain("relu");
    LeanConvolution read =
        (LeanConvolution) MultiLayerConfiguration.fromJson(old).getConf(0).getLayer();
    assertThat(read.relu()).isFalse();
  }

  @Test
  void refusesToBeTrained() {
    MultiLayerNetwork network =
        network(LeanConvolution.withRelu(builder(1, true)), DataType.FLOAT, CNN2DFormat.NCHW);
    network.setInput(Nd4j.rand(DataType.FLOAT, 2, 3, 6, 5));
    network.feedForward(true, false);
    assertThatThrownBy(() -> network.backpropGradient(Nd4j.rand(DataType.FLOAT, 2, 4, 6, 5), null))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage(
            "Cannot train LeanConvolution with ReLU: 'conv' is for inference only; "
                + "train the network that it was folded from");
  }

  private static ConvolutionLayer.Builder builder(int dilation, boolean bias) {
    return new ConvolutionLayer.Builder(3, 3)
        .name("conv")
        .nOut(4)
        .dilation(dilation, dilation)
        .convolutionMode(ConvolutionMode.Same)
        .hasBias(bias);
  }

  private static MultiLayerNetwork network(
      LeanConvolution layer, DataType type, CNN2DFormat format) {
    layer.setCnn2dDataFormat(format);
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .dataType(type)
                .list()
                .layer(layer)
                .setInputType(InputType.convolutional(6, 5, 3, format))
                .build());
    network.init();
    return network;
  }
}
