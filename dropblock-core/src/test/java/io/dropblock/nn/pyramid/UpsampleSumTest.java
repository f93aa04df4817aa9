package io.dropblock.nn.pyramid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.loss.PixelCrossEntropy;
import io.dropblock.nn.LeanConvolution;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;

/** Upsampling to the nearest pixel; the bilinear kind is in InterpolationTest. */
class UpsampleSumTest {
  private static final int CLASSES = 3;

  @AfterEach
  void resetDataTypes() {
    Nd4j.setDefaultDataTypes(DataType.FLOAT, DataType.FLOAT);
  }

  @Test
  void doublesByItsDefinitionAndByLoops() {
    INDArray x = Nd4j.createFromArray(1., 2, 3, 4, 5, 6).reshape('c', 1, 2, 3, 1);
    double[][] squares = {
      {1, 1, 2, 2, 3, 3}, {1, 1, 2, 2, 3, 3}, {4, 4, 5, 5, 6, 6}, {4, 4, 5, 5, 6, 6}
    };
    INDArray doubled = Nd4j.createFromArray(squares).reshape('c', 1, 4, 6, 1);
    assertThat(Doubling.doubled(x)).isEqualTo(doubled);
    assertThat(Doubling.sums(doubled)).isEqualTo(x.mul(4));

    INDArray maps = Nd4j.randn(DataType.DOUBLE, 2, 3, 4, 5);
    INDArray fine = Nd4j.randn(DataType.DOUBLE, 2, 6, 8, 5);
    for (DataType type : new DataType[] {DataType.DOUBLE, DataType.FLOAT}) {
      INDArray sum = fine.castTo(type).dup();
      Upsampling.NEAREST.add(maps.castTo(type), sum, sum);
      Levels.assertClose("sum", sum, Doubling.doubled(maps).add(fine), 1e-6);
      INDArray back = Nd4j.zeros(type, maps.shape());
      Upsampling.NEAREST.backward(fine.castTo(type), back);
      Levels.assertClose("gradient", back, Doubling.sums(fine), 1e-6);
    }
  }

  @ParameterizedTest
  @EnumSource(Upsampling.class)
  void gradientsAreThoseOfFiniteDifferences(Upsampling by) {
    Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
    ComputationGraph network = new ComputationGraph(graph(new UpsampleSum(by), 6, 4));
    network.init();
    Nd4j.getRandom().setSeed(5);
    INDArray images = Nd4j.randn(DataType.DOUBLE, 2, 6, 4, 2);
    INDArray labels = Nd4j.zeros(DataType.DOUBLE, 2, 6, 4);
    for (int i = 0; i < labels.length(); i++) {
      labels.putScalar(i, i * 5 % 7 % CLASSES);
    }
    assertThat(
            GradientCheckUtil.checkGradients(
                new GradientCheckUtil.GraphConfig()
                    .net(network)
                    .epsilon(1e-6)
                    .maxRelError(1e-5)
                    .minAbsoluteError(1e-9)
                    .inputs(new INDArray[] {images})
                    .labels(new INDArray[] {labels})))
        .isTrue();
  }

  @Test
  void survivesJsonAndCopies() {
    ComputationGraphConfiguration nearest = graph(new UpsampleSum(Upsampling.NEAREST), 6, 4);
    ComputationGraphConfiguration bilinear = graph(new UpsampleSum(), 6, 4);
    String json = nearest.toJson();
    assertThat(json).contains("\"by\" : \"NEAREST\"");
    assertThat(ComputationGraphConfiguration.fromJson(json)).isEqualTo(nearest);
    assertThat(nearest.clone()).isEqualTo(nearest).isNotEqualTo(bilinear);
    assertThat(new UpsampleSum(Upsampling.BILINEAR))
        .isEqualTo(new UpsampleSum())
        .hasSameHashCodeAs(new UpsampleSum());
    String old = bilinear.toJson().replaceFirst(",\\s*\"by\" : \"BILINEAR\"", "");
    assertThat(old).doesNotContain("\"by\"").contains("UpsampleSum");
    assertThat(ComputationGraphConfiguration.fromJson(old)).isEqualTo(bilinear);
  }

  @Test
  void refusesSizesThatAreNotDouble() {
    UpsampleSum nearest = new UpsampleSum(Upsampling.NEAREST);
    assertThatThrownBy(() -> graph(nearest, 5, 4))
        .hasStackTraceContaining(
            "Cannot upsample maps of 3x2x4 to 5x4x4: they do not fit, twice the size is needed");
    assertThatThrownBy(
            () ->
                nearest.getOutputType(
                    0,
                    InputType.convolutional(4, 4, 3, CNN2DFormat.NHWC),
                    InputType.convolutional(4, 4, 3, CNN2DFormat.NHWC)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Cannot upsample maps of 4x4x3 to 4x4x3: they do not fit, twice the size is needed");
    ComputationGraph network = new ComputationGraph(graph(nearest, 6, 4));
    network.init();
    assertThatThrownBy(() -> network.outputSingle(Nd4j.zeros(DataType.DOUBLE, 1, 6, 5, 2)))
        .hasMessage(
            "Cannot add upsampled maps 'merged' (NEAREST): [1, 3, 3, 4] and [1, 6, 5, 4] do not"
                + " fit, [n, h, w, c] and [n, H, W, c] are needed");
  }

  /** A level, a coarser one, their sum, and logits of it. */
  private static ComputationGraphConfiguration graph(UpsampleSum sum, int height, int width) {
    return Pyramids.settings(WorkspaceMode.ENABLED, DataType.DOUBLE, new NoOp())
        .l2(0)
        .l2Bias(0)
        .graphBuilder()
        .addInputs("in")
        .setInputTypes(InputType.convolutional(height, width, 2, CNN2DFormat.NHWC))
        .addLayer("fine", convolution(4, 1), "in")
        .addLayer("coarse", convolution(4, 2), "fine")
        .addVertex("merged", sum, "coarse", "fine")
        .addLayer("classes", convolution(CLASSES, 1), "merged")
        .addLayer("logits", new PixelCrossEntropy(), "classes")
        .setOutputs("logits")
        .build();
  }

  private static LeanConvolution convolution(int channels, int stride) {
    return LeanConvolution.of(
        new ConvolutionLayer.Builder(3, 3)
            .nOut(channels)
            .stride(stride, stride)
            .convolutionMode(ConvolutionMode.Same));
  }
}
