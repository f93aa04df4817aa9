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
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * The convolution with a ReLU, and with a stride; else {@link LeanLayersTest} holds it against
 * DL4J's.
 */
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

  /** TensorFlow's SAME: what lies outside is at the bottom and right only, where sides are even. */
  @ParameterizedTest
  @CsvSource({"FLOAT, NHWC", "FLOAT, NCHW", "DOUBLE, NHWC", "DOUBLE, NCHW"})
  void countsWhatAStrideOfTwoCovers(DataType type, CNN2DFormat format) {
    MultiLayerNetwork network = halving(type, format, 1, 1, 4, 5);
    network.getLayer(0).getParam("W").assign(1);
    network.getLayer(0).getParam("b").assign(0);
    INDArray ones = Nd4j.ones(type, maps(format, 1, 1, 4, 5));
    // rows 0 to 2 and 2 to 4 of four; columns -1 to 1, 1 to 3 and 3 to 5 of five
    double[] covered = {3 * 2, 3 * 3, 3 * 2, 2 * 2, 2 * 3, 2 * 2};
    assertThat(network.output(ones).reshape(6).toDoubleVector()).containsExactly(covered);
  }

  /** Floats by our loops against doubles by ND4J, on even and odd maps, down to one pixel. */
  @ParameterizedTest
  @CsvSource({"6, 6", "6, 5", "5, 6", "5, 5", "2, 1", "1, 1", "10, 8"})
  void halvesMapsAsNd4jDoes(int height, int width) {
    MultiLayerNetwork ours = halving(DataType.FLOAT, CNN2DFormat.NHWC, 16, 32, height, width);
    MultiLayerNetwork plain = halving(DataType.DOUBLE, CNN2DFormat.NHWC, 16, 32, height, width);
    Nd4j.getRandom().setSeed(4);
    INDArray x = Nd4j.randn(DataType.FLOAT, maps(CNN2DFormat.NHWC, 2, 16, height, width));
    INDArray dy =
        Nd4j.randn(
            DataType.FLOAT, maps(CNN2DFormat.NHWC, 2, 32, (height + 1) / 2, (width + 1) / 2));
    ours.params().assign(Nd4j.randn(DataType.FLOAT, ours.params().shape()));
    plain.setParams(ours.params().castTo(DataType.DOUBLE));
    assertClose(ours.output(x), plain.output(x.castTo(DataType.DOUBLE)));
    var found = gradients(ours, x, dy);
    var expected = gradients(plain, x.castTo(DataType.DOUBLE), dy.castTo(DataType.DOUBLE));
    assertClose(found.getSecond(), expected.getSecond());
    for (String name : new String[] {"0_W", "0_b"}) {
      assertClose(found.getFirst().getGradientFor(name), expected.getFirst().getGradientFor(name));
    }
  }

  private static Pair<Gradient, INDArray> gradients(
      MultiLayerNetwork network, INDArray x, INDArray dy) {
    network.setInput(x);
    network.feedForward(true, false);
    return network.backpropGradient(dy, null);
  }

  private static void assertClose(INDArray found, INDArray expected) {
    assertThat(found.shape()).isEqualTo(expected.shape());
    INDArray difference = found.castTo(DataType.DOUBLE).subi(expected);
    assertThat(difference.amaxNumber().doubleValue())
        .isLessThan(1e-5 * expected.amaxNumber().doubleValue());
  }

  private static long[] maps(CNN2DFormat format, int n, int channels, int height, int width) {
    return format == CNN2DFormat.NHWC
        ? new long[] {n, height, width, channels}
        : new long[] {n, channels, height, width};
  }

  private static MultiLayerNetwork halving(
      DataType type, CNN2DFormat format, int inputs, int outputs, int height, int width) {
    LeanConvolution layer =
        LeanConvolution.of(
            new ConvolutionLayer.Builder(3, 3)
                .nOut(outputs)
                .stride(2, 2)
                .convolutionMode(ConvolutionMode.Same));
    layer.setCnn2dDataFormat(format);
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .dataType(type)
                .list()
                .layer(layer)
                .setInputType(InputType.convolutional(height, width, inputs, format))
                .build());
    network.init();
    return network;
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
