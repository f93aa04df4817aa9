package io.dropblock.nn.pyramid;

import io.dropblock.nn.BatchNorm;
import io.dropblock.nn.DropBlock;
import io.dropblock.nn.LeanConvolution;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Small networks on images of 9 x 7 x 3 with 3 classes. */
final class Pyramids {
  private static final int CLASSES = 3;
  private static final int CHANNELS = 4;

  private Pyramids() {}

  static NeuralNetConfiguration.Builder settings(
      WorkspaceMode workspaces, DataType type, IUpdater updater) {
    return new NeuralNetConfiguration.Builder()
        .seed(3)
        .dataType(type)
        .updater(updater)
        .l2(.02)
        .l2Bias(.05)
        .trainingWorkspaceMode(workspaces)
        .inferenceWorkspaceMode(workspaces);
  }

  static LevelSettings.Builder net(int levels) {
    return new LevelSettings.Builder(levels, CHANNELS)
        .convolutions(2, CHANNELS)
        .outputs(CHANNELS, LevelNet.Output.SUM)
        .batchNorm(.8, 1e-4)
        .initialValues(.3, .1);
  }

  static DropBlock block() {
    return new DropBlock.Builder().blockSize(2).build();
  }

  /** fine, coarse, merged of both, net over merged and coarse. */
  static ComputationGraph twoLevels(NeuralNetConfiguration.Builder settings, LevelSettings net) {
    return end(
        begin(settings)
            .addLayer("coarse", convolution(2), "fine")
            .addVertex("merged", new UpsampleSum(), "coarse", "fine")
            .addVertex("net", new LevelNet(net), "merged", "coarse"),
        "net");
  }

  /** fine, net. */
  static ComputationGraph oneLevel(NeuralNetConfiguration.Builder settings, LevelSettings net) {
    return end(begin(settings).addVertex("net", new LevelNet(net), "fine"), "net");
  }

  /** The same of layers, called as the net's convolutions and sites. */
  static ComputationGraph layers(NeuralNetConfiguration.Builder settings) {
    GraphBuilder graph = begin(settings);
    String from = "fine";
    for (int number = 0; number < 2; number++) {
      String site = "net/conv" + number + "/level0";
      graph
          .addLayer("conv" + number, convolution(1), from)
          .addLayer("norm" + number, new BatchNorm(.8, 1e-4, 1, true), "conv" + number)
          .addLayer(site, block(), "norm" + number);
      from = site;
    }
    return end(graph.addLayer("last", convolution(1), from), "last");
  }

  private static GraphBuilder begin(NeuralNetConfiguration.Builder settings) {
    return settings
        .graphBuilder()
        .addInputs("in")
        .setInputTypes(InputType.convolutional(9, 7, 3, CNN2DFormat.NHWC))
        .addLayer("fine", convolution(1), "in");
  }

  private static ComputationGraph end(GraphBuilder graph, String last) {
    GlobalPoolingLayer pool =
        new GlobalPoolingLayer.Builder(PoolingType.PNORM).pnorm(2).poolingDimensions(1, 2).build();
    OutputLayer output =
        new OutputLayer.Builder(LossFunction.MCXENT)
            .nOut(CLASSES)
            .activation(Activation.SOFTMAX)
            .build();
    var network =
        new ComputationGraph(
            graph
                .addLayer("pool", pool, last)
                .addLayer("out", output, "pool")
                .setOutputs("out")
                .build());
    network.init();
    return network;
  }

  private static LeanConvolution convolution(int stride) {
    return LeanConvolution.of(
        new ConvolutionLayer.Builder(3, 3)
            .nOut(CHANNELS)
            .stride(stride, stride)
            .convolutionMode(ConvolutionMode.Same));
  }

  static MultiDataSet batch(DataType type, int samples) {
    Nd4j.getRandom().setSeed(7);
    INDArray images = Nd4j.randn(DataType.DOUBLE, samples, 9, 7, 3).castTo(type);
    INDArray labels = Nd4j.zeros(type, samples, CLASSES);
    for (int sample = 0; sample < samples; sample++) {
      labels.putScalar(sample, sample % CLASSES, 1);
    }
    return new MultiDataSet(images, labels);
  }
}
