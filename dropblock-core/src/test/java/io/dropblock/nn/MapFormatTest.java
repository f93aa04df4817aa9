package io.dropblock.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.FineTuneConfiguration;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;

/**
 * Maps as wide as they have channels, so that the one order can be taken for the other: layers know
 * the order, or refuse.
 */
class MapFormatTest {
  private static final int SIDE = 8;
  private static final DropBlockStep STEP = new DropBlockStep(.6, 1, 0, 0);

  @ParameterizedTest
  @EnumSource(CNN2DFormat.class)
  void dropsSquaresOfHeightAndWidthInTheFormatThatItWasTold(CNN2DFormat format) {
    MultiLayerNetwork told = network(stack(dropBlock().dataFormat(format).build()));
    requireSquares(told, format);
    InputType type = InputType.convolutional(SIDE, SIDE, SIDE, format);
    requireSquares(network(stack(dropBlock().build(), type)), format);
    requireSquares(network(stack(dropBlock().dataFormat(format).build(), type)), format);
    requireSquares(
        network(MultiLayerConfiguration.fromJson(told.getLayerWiseConfigurations().toJson())),
        format);
    requireSquares(told.clone(), format);
  }

  private static void requireSquares(MultiLayerNetwork network, CNN2DFormat format) {
    DropBlockSites.of(network).set(STEP);
    INDArray output = network.output(Nd4j.ones(2, SIDE, SIDE, SIDE), true);
    INDArray maps = format == CNN2DFormat.NHWC ? output.permute(0, 3, 1, 2) : output;
    DropBlockSites first = DropBlockSites.of(network);
    assertThat(first.keptFractions().values()).allMatch(kept -> kept > 0 && kept < 1);
    // the same masks, in whichever memory order: those of channels first
    MultiLayerNetwork other = network(stack(dropBlock().dataFormat(CNN2DFormat.NCHW).build()));
    DropBlockSites.of(other).set(STEP);
    assertThat(maps.dup()).isEqualTo(other.output(Nd4j.ones(2, SIDE, SIDE, SIDE), true));
  }

  @Test
  void dropBlockRefusesWhatItCannotKnow() {
    refuses(
        () -> network(stack(dropBlock().build())),
        "Cannot apply DropBlock 'drop': it does not know whether its maps have the channels first"
            + " or last; call setInputType of the network's builder, or dataFormat of the layer's");
    var graph =
        new NeuralNetConfiguration.Builder()
            .graphBuilder()
            .addInputs("in")
            .addLayer("drop", dropBlock().build(), "in")
            .setOutputs("drop")
            .build();
    ComputationGraph untold = new ComputationGraph(graph);
    refuses(untold::init, "Cannot apply DropBlock 'drop': it does not know whether");
    ComputationGraph read =
        new ComputationGraph(ComputationGraphConfiguration.fromJson(graph.toJson()));
    refuses(read::init, "Cannot apply DropBlock 'drop': it does not know whether");
    refuses(
        () ->
            stack(
                dropBlock().dataFormat(CNN2DFormat.NHWC).build(),
                InputType.convolutional(SIDE, SIDE, SIDE)),
        "Cannot apply DropBlock 'drop': it was told NHWC, its input is NCHW;");
    MultiLayerNetwork flat = network(stack(dropBlock().dataFormat(CNN2DFormat.NCHW).build()));
    DropBlockSites.of(flat).set(STEP);
    refuses(
        () -> flat.output(Nd4j.ones(2, SIDE, SIDE), true),
        "Cannot apply DropBlock 'drop': its input has 3 dimensions, maps have 4");
  }

  @Test
  void aTransferredNetworkIsToldForItsNewLayers() {
    MultiLayerNetwork old =
        network(
            stack(
                dropBlock().build(), InputType.convolutional(SIDE, SIDE, SIDE, CNN2DFormat.NHWC)));
    refuses(
        () -> transferred(old, dropBlock().name("new").build()),
        "Cannot apply DropBlock 'new': it does not know whether");
    MultiLayerNetwork transferred =
        transferred(old, dropBlock().name("new").dataFormat(CNN2DFormat.NHWC).build());
    DropBlockSites.of(transferred).set(STEP);
    transferred.output(Nd4j.ones(2, SIDE, SIDE, SIDE), true);
    assertThat(((DropBlock) transferred.getLayer(0).conf().getLayer()).format())
        .isEqualTo(CNN2DFormat.NHWC);
  }

  private static MultiLayerNetwork transferred(MultiLayerNetwork old, DropBlock added) {
    return new TransferLearning.Builder(old)
        .fineTuneConfiguration(new FineTuneConfiguration.Builder().seed(4).build())
        .addLayer(added)
        .build();
  }

  @Test
  void batchNormRefusesMapsInAnOrderThatItCannotKnow() {
    INDArray maps = Nd4j.rand(2, SIDE, SIDE, SIDE);
    MultiLayerNetwork untold = network(stack(norm()));
    String reason = "Cannot apply BatchNorm 'norm': it does not know whether";
    refuses(() -> untold.output(maps, true), reason);
    refuses(() -> untold.output(maps, false), reason);
    MultiLayerNetwork read =
        network(MultiLayerConfiguration.fromJson(untold.getLayerWiseConfigurations().toJson()));
    refuses(() -> read.output(maps, true), reason);
    // rows have one order
    assertThat(untold.output(Nd4j.rand(3, SIDE), true).shape()).containsExactly(3, SIDE);
    BatchNorm told = norm();
    told.setCnn2DFormat(CNN2DFormat.NHWC);
    INDArray last = network(stack(told)).output(maps, true);
    assertThat(last.mean(0, 1, 2).amaxNumber().doubleValue()).isLessThan(1e-5);
  }

  /** DL4J's own layer looks at the format only where it has to find out the channels. */
  @Test
  void explicitChannelsDoNotHideTheFormat() {
    INDArray maps = Nd4j.rand(2, SIDE, SIDE, SIDE);
    InputType type = InputType.convolutional(SIDE, SIDE, SIDE, CNN2DFormat.NHWC);
    MultiLayerConfiguration conf =
        new NeuralNetConfiguration.Builder()
            .updater(new NoOp())
            .list()
            .layer(LeanConvolution.of(convolution()))
            .layer(norm())
            .overrideNinUponBuild(false)
            .setInputType(type)
            .build();
    assertThat(((LeanConvolution) conf.getConf(0).getLayer()).getCnn2dDataFormat())
        .isEqualTo(CNN2DFormat.NHWC);
    assertThat(network(conf).output(maps, true).mean(0, 1, 2).amaxNumber().doubleValue())
        .isLessThan(1e-5);
  }

  @Test
  void leanConvolutionRefusesWhatItCannotKnow() {
    refuses(
        () -> network(stack(LeanConvolution.of(convolution()))),
        "Cannot apply LeanConvolution 'conv': it does not know whether its maps have the channels"
            + " first or last; call setInputType of the network's builder, or setCnn2dDataFormat"
            + " of the layer");
    INDArray maps = Nd4j.rand(2, SIDE, SIDE, SIDE);
    LeanConvolution last = LeanConvolution.of(convolution().dataFormat(CNN2DFormat.NHWC));
    MultiLayerNetwork told = network(stack(last));
    LeanConvolution first = LeanConvolution.of(convolution());
    first.setCnn2dDataFormat(CNN2DFormat.NCHW);
    MultiLayerNetwork other = network(stack(first));
    other.setParams(told.params());
    INDArray same = other.output(maps.permute(0, 3, 1, 2).dup()).permute(0, 2, 3, 1);
    assertThat(told.output(maps).sub(same).amaxNumber().doubleValue()).isLessThan(1e-5);
  }

  private static DropBlock.Builder dropBlock() {
    return new DropBlock.Builder().name("drop").blockSize(3);
  }

  private static BatchNorm norm() {
    BatchNorm norm = new BatchNorm(.9, 1e-5, 1, false);
    norm.setLayerName("norm");
    norm.setNIn(SIDE);
    norm.setNOut(SIDE);
    return norm;
  }

  private static ConvolutionLayer.Builder convolution() {
    return new ConvolutionLayer.Builder(1, 1).name("conv").nIn(SIDE).nOut(SIDE);
  }

  private static MultiLayerConfiguration stack(Layer layer) {
    return new NeuralNetConfiguration.Builder()
        .dataType(DataType.FLOAT)
        .updater(new NoOp())
        .list()
        .layer(layer)
        .build();
  }

  private static MultiLayerConfiguration stack(Layer layer, InputType type) {
    return new NeuralNetConfiguration.Builder()
        .updater(new NoOp())
        .list()
        .layer(layer)
        .setInputType(type)
        .build();
  }

  private static MultiLayerNetwork network(MultiLayerConfiguration conf) {
    MultiLayerNetwork network = new MultiLayerNetwork(conf);
    network.init();
    return network;
  }

  private static void refuses(ThrowingCallable what, String message) {
    assertThatThrownBy(what)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith(message);
  }
}
