package io.dropblock.onednn;

import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The network that {@link OneDnn#requireHelpers} looks at. */
final class HelperProbe {
  private static final int CHANNELS = 8;
  private static final int SIDE = 6;

  private HelperProbe() {}

  /** The kinds of layers that, made now and run, calculate without oneDNN. */
  static List<String> layersWithout() {
    ComputationGraph network = network();
    INDArray[] images = {Nd4j.ones(DataType.FLOAT, 1, CHANNELS, SIDE, SIDE)};
    INDArray output = network.feedForward(images, true, false).get("pooling");
    network.backpropGradient(output.dup());
    return layersWithout(network);
  }

  /** Those of a network that has run forward and backward. */
  static List<String> layersWithout(ComputationGraph network) {
    return Stream.of("convolution", "batch normalisation")
        .filter(name -> !ran(network, name))
        .toList();
  }

  private static boolean ran(ComputationGraph network, String name) {
    return network.getLayer(name).getHelper() instanceof Accelerated helper
        && helper.ranForward()
        && helper.ranBackward();
  }

  /** Parameters are given, as a network that draws them would set ND4J's random numbers back. */
  static ComputationGraph network() {
    var network =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .dataType(DataType.FLOAT)
                .activation(Activation.IDENTITY)
                .trainingWorkspaceMode(WorkspaceMode.NONE)
                .inferenceWorkspaceMode(WorkspaceMode.NONE)
                .graphBuilder()
                .addInputs("image")
                .setInputTypes(InputType.convolutional(SIDE, SIDE, CHANNELS))
                .addLayer(
                    "convolution",
                    new ConvolutionLayer.Builder(3, 3)
                        .nOut(CHANNELS)
                        .hasBias(false)
                        .convolutionMode(ConvolutionMode.Same)
                        .build(),
                    "image")
                .addLayer(
                    "batch normalisation", new BatchNormalization.Builder().build(), "convolution")
                .addLayer(
                    "pooling",
                    new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
                        .kernelSize(3, 3)
                        .stride(2, 2)
                        .convolutionMode(ConvolutionMode.Same)
                        .build(),
                    "batch normalisation")
                .setOutputs("pooling")
                .validateOutputLayerConfig(false)
                .build());
    int weights = 3 * 3 * CHANNELS * CHANNELS;
    int moments = 4 * CHANNELS;
    network.init(Nd4j.ones(DataType.FLOAT, 1, weights + moments), false);
    return network;
  }
}
