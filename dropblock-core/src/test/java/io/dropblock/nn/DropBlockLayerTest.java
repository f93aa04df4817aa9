package io.dropblock.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

class DropBlockLayerTest {
  private static final DropBlockStep STEP = new DropBlockStep(.7, 42, 5, 0);

  @ParameterizedTest
  @EnumSource(
      value = WorkspaceMode.class,
      names = {"ENABLED", "NONE"})
  void gradientsAreThoseOfFiniteDifferences(WorkspaceMode workspaces) {
    Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
    ComputationGraph network = residual(workspaces);
    DropBlockSites.of(network).set(STEP);
    Nd4j.getRandom().setSeed(7);
    INDArray input = Nd4j.rand(DataType.DOUBLE, 3, 2, 6, 5);
    INDArray labels = Nd4j.eye(3).castTo(DataType.DOUBLE);
    boolean passed =
        GradientCheckUtil.checkGradients(
            new GradientCheckUtil.GraphConfig()
                .net(network)
                .epsilon(1e-6)
                .maxRelError(1e-5)
                .minAbsoluteError(1e-9)
                .inputs(new INDArray[] {input})
                .labels(new INDArray[] {labels}));
    assertThat(passed).isTrue();
    assertThat(DropBlockSites.of(network).keptFractions().values())
        .hasSize(2)
        .allMatch(kept -> kept < 1);
  }

  @AfterEach
  void resetDataTypes() {
    Nd4j.setDefaultDataTypes(DataType.FLOAT, DataType.FLOAT);
  }

  @Test
  void worksInAMultiLayerNetwork() {
    MultiLayerNetwork network = new MultiLayerNetwork(stack());
    network.init();
    DropBlockSites sites = DropBlockSites.of(network);
    assertThat(sites.size()).isEqualTo(1);
    sites.set(STEP);
    INDArray input = Nd4j.rand(4, 2, 6, 5);
    network.fit(input, Nd4j.eye(4).get(NDArrayIndex.all(), NDArrayIndex.interval(0, 3)).dup());
    assertThat(sites.keptFractions().get("drop")).isBetween(.3, .99);
  }

  @Test
  void isTheIdentityAtInferenceAndAtKeepProbabilityOne() {
    MultiLayerNetwork network = new MultiLayerNetwork(stack());
    network.init();
    INDArray input = Nd4j.rand(4, 2, 6, 5);
    INDArray before = network.feedForward(input, false).get(1).dup();
    assertThat(network.feedForward(input, false).get(2)).isEqualTo(before);
    DropBlockSites.of(network).set(new DropBlockStep(1, 42, 0, 0));
    assertThat(network.feedForward(input, true).get(2)).isEqualTo(before);
  }

  @Test
  void dropsBlocksAndScalesTheRestInTraining() {
    MultiLayerNetwork network = new MultiLayerNetwork(stack());
    network.init();
    DropBlockSites.of(network).set(STEP);
    INDArray input = Nd4j.rand(4, 2, 6, 5);
    // Not of the same pass, in which the layer may overwrite it.
    INDArray before = network.feedForward(input, false).get(1).dup();
    INDArray after = network.feedForward(input, true).get(2);
    double scale = 1 / DropBlockSites.of(network).keptFractions().get("drop");
    long dropped = 0;
    for (long i = 0; i < after.length(); i++) {
      double value = after.reshape(-1).getDouble(i);
      if (value == 0) {
        dropped++;
      } else {
        assertThat(value).isCloseTo(before.reshape(-1).getDouble(i) * scale, within(1e-5));
      }
    }
    assertThat((double) dropped / after.length()).isCloseTo(1 - 1 / scale, within(1e-9));
  }

  @Test
  void isActiveAtInferenceWhenForced() {
    MultiLayerNetwork network = new MultiLayerNetwork(stack());
    network.init();
    DropBlockSites sites = DropBlockSites.of(network);
    sites.set(STEP);
    INDArray input = Nd4j.rand(4, 2, 6, 5);
    INDArray plain = network.output(input).dup();
    sites.activeAtInference(true);
    assertThat(network.output(input)).isNotEqualTo(plain);
    sites.activeAtInference(false);
    assertThat(network.output(input)).isEqualTo(plain);
  }

  @Test
  void drawsTheSameMasksInBothOrdersOfDimensions() {
    INDArray input = Nd4j.rand(DataType.FLOAT, 2, 3, 6, 5);
    ComputationGraph first = single(CNN2DFormat.NCHW);
    ComputationGraph last = single(CNN2DFormat.NHWC);
    DropBlockSites.of(first).set(STEP);
    DropBlockSites.of(last).set(STEP);
    INDArray expected = first.feedForward(input, true).get("drop");
    INDArray got = last.feedForward(input.permute(0, 2, 3, 1).dup(), true).get("drop");
    assertThat(got.permute(0, 3, 1, 2)).isEqualTo(expected);
    assertThat(expected).isNotEqualTo(input);
  }

  @Test
  void twoLayersOfOneNetworkDrawDifferentMasks() {
    ComputationGraph network = residual(WorkspaceMode.NONE);
    DropBlockSites.of(network).set(STEP);
    var activations = network.feedForward(Nd4j.ones(DataType.DOUBLE, 3, 2, 6, 5), true);
    INDArray one = activations.get("drop").neq(0);
    INDArray other = activations.get("skip").neq(0);
    assertThat(one).isNotEqualTo(other);
  }

  @Test
  void refusesToTrainWithoutAKeepProbability() {
    MultiLayerNetwork network = new MultiLayerNetwork(stack());
    network.init();
    assertThatThrownBy(() -> network.feedForward(Nd4j.rand(4, 2, 6, 5), true))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Cannot apply DropBlock 'drop': no keep probability is set; "
                + "call DropBlockSites.set before");
  }

  @Test
  void surviveJsonAndClone() {
    ComputationGraphConfiguration graph = residual(WorkspaceMode.NONE).getConfiguration();
    assertThat(ComputationGraphConfiguration.fromJson(graph.toJson())).isEqualTo(graph);
    DropBlock layer =
        new DropBlock.Builder()
            .name("x")
            .blockSize(3, 4)
            .dropScale(.25)
            .activeAtInference(true)
            .build();
    assertThat(layer.clone()).isEqualTo(layer).isNotSameAs(layer);
    MultiLayerConfiguration stack = stack();
    MultiLayerConfiguration read = MultiLayerConfiguration.fromJson(stack.toJson());
    DropBlock readLayer = (DropBlock) read.getConf(1).getLayer();
    assertThat(readLayer).isEqualTo(stack.getConf(1).getLayer());
    assertThat(readLayer.blockHeight()).isEqualTo(2);
    assertThat(readLayer.blockWidth()).isEqualTo(3);
  }

  @Test
  void refusesWrongArguments() {
    assertThatThrownBy(() -> new DropBlock.Builder().blockSize(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid block size: 0 x 0");
    assertThatThrownBy(() -> new DropBlock.Builder().dropScale(1.5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid drop scale: 1.5, must be between 0 and 1");
    assertThatThrownBy(() -> new DropBlockStep(-.1, 0, 0, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid keep probability: -0.1, must be between 0 and 1");
    assertThatThrownBy(
            () -> new DropBlock.Builder().build().getOutputType(0, InputType.feedForward(3)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("not a feature map");
  }

  private static MultiLayerConfiguration stack() {
    return new NeuralNetConfiguration.Builder()
        .seed(1)
        .updater(new Sgd(.1))
        .list()
        .layer(convolution())
        .layer(new DropBlock.Builder().name("drop").blockSize(2, 3).build())
        .layer(new DenseLayer.Builder().nOut(4).build())
        .layer(output())
        .setInputType(InputType.convolutional(6, 5, 2))
        .build();
  }

  private static ComputationGraph residual(WorkspaceMode workspaces) {
    ComputationGraph network =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(DataType.DOUBLE)
                .updater(new NoOp())
                .trainingWorkspaceMode(workspaces)
                .inferenceWorkspaceMode(workspaces)
                .graphBuilder()
                .addInputs("in")
                .addLayer("conv", convolution(), "in")
                .addLayer("drop", new DropBlock.Builder().blockSize(3).build(), "conv")
                .addLayer(
                    "skip", new DropBlock.Builder().blockSize(2).dropScale(.5).build(), "conv")
                .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "drop", "skip")
                .addLayer("out", output(), "sum")
                .setOutputs("out")
                .setInputTypes(InputType.convolutional(6, 5, 2))
                .build());
    network.init();
    return network;
  }

  private static ComputationGraph single(CNN2DFormat format) {
    ComputationGraph network =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("in")
                .addLayer("drop", new DropBlock.Builder().blockSize(3).build(), "in")
                .addLayer("out", output(), "drop")
                .setOutputs("out")
                .setInputTypes(InputType.convolutional(6, 5, 3, format))
                .build());
    network.init();
    return network;
  }

  private static ConvolutionLayer convolution() {
    return new ConvolutionLayer.Builder(3, 3)
        .padding(1, 1)
        .nOut(2)
        .activation(Activation.SIGMOID)
        .build();
  }

  private static OutputLayer output() {
    return new OutputLayer.Builder(LossFunction.MCXENT)
        .nOut(3)
        .activation(Activation.SOFTMAX)
        .build();
  }
}
