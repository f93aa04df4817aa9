package io.dropblock.nn;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.onednn.OneDnn;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Nesterovs;

/** Our layers against the DL4J layers whose place they take, in one small residual network. */
class LeanLayersTest {
  private static final int STEPS = 6;
  private static final double DECAY = .8;

  @BeforeAll
  static void enable() {
    OneDnn.enable();
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void trainAndInferAsTheStockLayersDo(DataType type) {
    ComputationGraph stock = network(false, type, WorkspaceMode.ENABLED);
    ComputationGraph lean = network(true, type, WorkspaceMode.ENABLED);
    double tolerance = type == DataType.FLOAT ? 2e-5 : 1e-10;
    // DL4J's order of the layers is another one, and so would be their first parameters
    stock.paramTable().forEach((name, value) -> lean.getParam(name).assign(value));
    INDArray images = images(type);
    requireClose(lean.outputSingle(images), stock.outputSingle(images), tolerance);
    for (int step = 0; step < STEPS; step++) {
      fit(stock, images);
      fit(lean, images);
      double kept = Math.pow(DECAY, step + 1);
      stock
          .paramTable()
          .forEach(
              (name, value) -> requireClose(lean, name, ofSample(name, value, kept), tolerance));
      assertThat(lean.score()).isCloseTo(stock.score(), within(tolerance * stock.score()));
    }
    double kept = Math.pow(DECAY, STEPS);
    stock.paramTable().forEach((name, value) -> value.assign(ofSample(name, value, kept)));
    requireClose(lean.outputSingle(images), stock.outputSingle(images), 10 * tolerance);
  }

  /**
   * The one difference that is meant: DL4J's moving variance is that of the population. All maps
   * have 125 elements a channel, and the first variance is 1.
   *
   * @param kept what is left of the first variance
   */
  private static INDArray ofSample(String name, INDArray value, double kept) {
    return name.endsWith("_var") ? value.sub(kept).muli(125 / 124.).addi(kept) : value;
  }

  @ParameterizedTest
  @EnumSource(WorkspaceMode.class)
  void needNoWorkspaces(WorkspaceMode mode) {
    ComputationGraph with = network(true, DataType.FLOAT, WorkspaceMode.ENABLED);
    ComputationGraph other = network(true, DataType.FLOAT, mode);
    INDArray images = images(DataType.FLOAT);
    for (int step = 0; step < STEPS; step++) {
      fit(with, images);
      fit(other, images);
    }
    requireClose(other.params(), with.params(), 0);
  }

  /** What ND4J hands to oneDNN wrongly: dilations, inputs in another memory order. */
  @ParameterizedTest
  @CsvSource({"1, NCHW, c", "2, NCHW, c", "1, NCHW, f", "1, NHWC, f", "2, NHWC, c"})
  void convolveAsTheStockLayerWhateverTheInput(int dilation, CNN2DFormat format, char order) {
    ConvolutionLayer.Builder builder =
        new ConvolutionLayer.Builder(3, 3)
            .nOut(8)
            .dilation(dilation, dilation)
            .convolutionMode(ConvolutionMode.Same)
            .dataFormat(format)
            .activation(Activation.IDENTITY);
    INDArray images = images(DataType.FLOAT);
    INDArray input = (format == CNN2DFormat.NHWC ? images.permute(0, 2, 3, 1) : images).dup(order);
    INDArray stock = single(builder.build(), format).output(input);
    INDArray lean = single(LeanConvolution.of(builder), format).output(input);
    requireClose(lean, stock, 2e-5);
  }

  private static MultiLayerNetwork single(ConvolutionLayer layer, CNN2DFormat format) {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .seed(3)
                .list()
                .layer(layer)
                .setInputType(InputType.convolutional(9, 9, 2, format))
                .build());
    network.init();
    return network;
  }

  @Test
  void comeBackFromJson() {
    ComputationGraphConfiguration before =
        network(true, DataType.FLOAT, WorkspaceMode.ENABLED).getConfiguration();
    ComputationGraphConfiguration after = ComputationGraphConfiguration.fromJson(before.toJson());
    assertThat(after.getVertices()).isEqualTo(before.getVertices());
    assertThat(after.toJson()).isEqualTo(before.toJson());
    ComputationGraph network = new ComputationGraph(after.clone());
    network.init();
    assertThat(network.getLayer("bn1")).isInstanceOf(BatchNormLayer.class);
    assertThat(network.getLayer("conv1")).isInstanceOf(LeanConvolutionLayer.class);
    assertThat(network.getVertex("sum")).isInstanceOf(ResidualSumVertex.class);
  }

  private static void fit(ComputationGraph network, INDArray images) {
    INDArray labels = Nd4j.zeros(images.dataType(), images.size(0), 3);
    for (int sample = 0; sample < images.size(0); sample++) {
      labels.putScalar(sample, sample % 3, 1);
    }
    network.fit(new INDArray[] {images}, new INDArray[] {labels});
  }

  private static INDArray images(DataType type) {
    Nd4j.getRandom().setSeed(11);
    return Nd4j.randn(DataType.DOUBLE, 5, 2, 9, 9).castTo(type);
  }

  private static org.assertj.core.data.Offset<Double> within(double distance) {
    return org.assertj.core.data.Offset.offset(distance);
  }

  private static void requireClose(
      ComputationGraph network, String name, INDArray expected, double tolerance) {
    double distance = network.getParam(name).sub(expected).norm2Number().doubleValue();
    double size = 1e-3 + expected.norm2Number().doubleValue();
    assertThat(distance / size).as(name).isLessThanOrEqualTo(tolerance);
  }

  private static void requireClose(INDArray found, INDArray expected, double tolerance) {
    double distance = found.sub(expected).norm2Number().doubleValue();
    assertThat(distance / expected.norm2Number().doubleValue()).isLessThanOrEqualTo(tolerance);
  }

  /**
   * A residual block with a projected shortcut, then two side by side with its output as their
   * shortcut: DL4J adds one's gradient there before the other's branch has used its own.
   */
  private static ComputationGraph network(boolean lean, DataType type, WorkspaceMode mode) {
    GraphBuilder graph =
        new NeuralNetConfiguration.Builder()
            .seed(5)
            .dataType(type)
            .updater(new Nesterovs(.05, .9))
            .l2(1e-3)
            .activation(Activation.IDENTITY)
            .trainingWorkspaceMode(mode)
            .inferenceWorkspaceMode(mode)
            .graphBuilder()
            .addInputs("image")
            .setInputTypes(InputType.convolutional(9, 9, 2));
    unit(graph, lean, "1", "image", 2, true);
    unit(graph, lean, "2", out(lean, "1"), 1, false);
    unit(graph, lean, "skip", "image", 2, false);
    sum(graph, lean, "sum", "bn2", "bnskip");
    String first = lean ? "sum" : "sum-relu";
    unit(graph, lean, "3", first, 1, true);
    unit(graph, lean, "4", out(lean, "3"), 1, false);
    sum(graph, lean, "sum2", "bn4", first);
    unit(graph, lean, "5", first, 1, true);
    unit(graph, lean, "6", out(lean, "5"), 1, false);
    sum(graph, lean, "sum3", "bn6", first);
    sum(graph, lean, "sum4", lean ? "sum2" : "sum2-relu", lean ? "sum3" : "sum3-relu");
    GlobalPoolingLayer.Builder pool = new GlobalPoolingLayer.Builder(PoolingType.AVG);
    graph.addLayer(
        "pool", (lean ? pool.poolingDimensions(1, 2) : pool).build(), lean ? "sum4" : "sum4-relu");
    graph.addLayer(
        "out", new OutputLayer.Builder().nOut(3).activation(Activation.SOFTMAX).build(), "pool");
    ComputationGraph network = new ComputationGraph(graph.setOutputs("out").build());
    network.init();
    return network;
  }

  private static String out(boolean lean, String id) {
    return lean ? "bn" + id : "relu" + id;
  }

  private static void unit(
      GraphBuilder graph, boolean lean, String id, String from, int stride, boolean relu) {
    int kernel = id.equals("3") || id.equals("skip") ? 1 : 3;
    ConvolutionLayer.Builder convolution =
        new ConvolutionLayer.Builder(kernel, kernel)
            .nOut(16)
            .stride(stride, stride)
            .convolutionMode(ConvolutionMode.Same)
            .hasBias(false);
    graph.addLayer("conv" + id, lean ? LeanConvolution.of(convolution) : convolution.build(), from);
    if (lean) {
      graph.addLayer("bn" + id, new BatchNorm(DECAY, 1e-4, .7, relu), "conv" + id);
      return;
    }
    graph.addLayer(
        "bn" + id,
        new BatchNormalization.Builder().decay(DECAY).eps(1e-4).gamma(.7).useLogStd(false).build(),
        "conv" + id);
    if (relu) {
      graph.addLayer("relu" + id, new ActivationLayer(Activation.RELU), "bn" + id);
    }
  }

  private static void sum(GraphBuilder graph, boolean lean, String name, String a, String b) {
    if (lean) {
      graph.addVertex(name, new ResidualSum(), a, b);
      return;
    }
    graph.addVertex(name, new ElementWiseVertex(ElementWiseVertex.Op.Add), a, b);
    graph.addLayer(name + "-relu", new ActivationLayer(Activation.RELU), name);
  }
}
