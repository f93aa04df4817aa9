package io.dropblock.brought;

import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Networks that DL4J's own builder makes, of DL4J's own layers, for images of 12 x 12. */
final class StockNetworks {
  static final int SIZE = 12;
  static final int CLASSES = 4;
  static final double DECAY = .8;

  private StockNetworks() {}

  /** An activation function for all layers that have none of their own. */
  static GraphBuilder begin(CNN2DFormat order) {
    return new NeuralNetConfiguration.Builder()
        .seed(3)
        .updater(new Nesterovs(.1, .9))
        .activation(Activation.TANH)
        .graphBuilder()
        .addInputs("pixels")
        .setInputTypes(InputType.convolutional(SIZE, SIZE, 3, order));
  }

  static ConvolutionLayer.Builder convolution(int kernel, int filters) {
    return new ConvolutionLayer.Builder(kernel, kernel)
        .nOut(filters)
        .convolutionMode(ConvolutionMode.Same);
  }

  private static SubsamplingLayer pool(SubsamplingLayer.PoolingType type, int kernel) {
    return new SubsamplingLayer.Builder(type).kernelSize(kernel, kernel).stride(2, 2).build();
  }

  static GraphBuilder end(GraphBuilder graph, String last) {
    return graph
        .addLayer(
            "out",
            new OutputLayer.Builder(LossFunction.MCXENT)
                .nOut(CLASSES)
                .activation(Activation.SOFTMAX)
                .build(),
            last)
        .setOutputs("out");
  }

  /** Convolutions with their activation functions, pools, and dense layers on flat maps. */
  static ComputationGraphConfiguration plain(CNN2DFormat order) {
    GraphBuilder graph =
        begin(order)
            .addLayer("c1", convolution(3, 5).activation(Activation.RELU).build(), "pixels")
            .addLayer("p1", pool(SubsamplingLayer.PoolingType.MAX, 2), "c1")
            .addLayer(
                "c2",
                new ConvolutionLayer.Builder(3, 3).nOut(6).dilation(1, 1).padding(1, 1).build(),
                "p1")
            .addLayer("p2", pool(SubsamplingLayer.PoolingType.AVG, 3), "c2")
            .addLayer("d", new DenseLayer.Builder().nOut(7).build(), "p2");
    return end(graph, "d").build();
  }

  /** Two residual blocks, the second with a projection, and a global average. */
  static ComputationGraphConfiguration residual(CNN2DFormat order) {
    GraphBuilder graph =
        begin(order)
            .addLayer("stem", convolution(3, 6).activation(Activation.IDENTITY).build(), "pixels")
            .addLayer("stem-bn", norm(), "stem")
            .addLayer("stem-relu", relu(), "stem-bn");
    block(graph, "a", "stem-relu", 6, 1);
    block(graph, "b", "a-relu", 8, 2);
    graph.addLayer(
        "mean",
        new GlobalPoolingLayer.Builder(PoolingType.AVG)
            .poolingDimensions(order == CNN2DFormat.NCHW ? new int[] {2, 3} : new int[] {1, 2})
            .build(),
        "b-relu");
    return end(graph, "mean").build();
  }

  private static void block(GraphBuilder graph, String at, String from, int filters, int stride) {
    graph
        .addLayer(
            at + "-c1",
            convolution(3, filters)
                .stride(stride, stride)
                .hasBias(false)
                .activation(Activation.IDENTITY)
                .build(),
            from)
        .addLayer(at + "-bn1", norm(), at + "-c1")
        .addLayer(at + "-relu1", relu(), at + "-bn1")
        .addLayer(
            at + "-c2",
            convolution(3, filters).activation(Activation.IDENTITY).build(),
            at + "-relu1")
        .addLayer(at + "-bn2", norm(), at + "-c2");
    String skip = from;
    if (stride > 1) {
      skip = at + "-skip";
      graph.addLayer(
          skip,
          convolution(1, filters).stride(stride, stride).activation(Activation.IDENTITY).build(),
          from);
    }
    graph
        .addVertex(at + "-sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), at + "-bn2", skip)
        .addLayer(at + "-relu", relu(), at + "-sum");
  }

  private static BatchNormalization norm() {
    return new BatchNormalization.Builder().decay(DECAY).build();
  }

  private static ActivationLayer relu() {
    return new ActivationLayer.Builder().activation(Activation.RELU).build();
  }

  /** Layers that have no twin among ours, between some that have, and two branches merged. */
  static ComputationGraphConfiguration mixed() {
    GraphBuilder graph =
        begin(CNN2DFormat.NCHW)
            .addLayer("c1", convolution(3, 6).activation(Activation.RELU).build(), "pixels")
            .addLayer("lrn", new LocalResponseNormalization.Builder().build(), "c1")
            .addLayer(
                "depthwise",
                new DepthwiseConvolution2D.Builder(3, 3)
                    .depthMultiplier(2)
                    .convolutionMode(ConvolutionMode.Same)
                    .activation(Activation.ELU)
                    .build(),
                "lrn")
            .addLayer("c2", convolution(1, 5).activation(Activation.LEAKYRELU).build(), "depthwise")
            .addLayer(
                "separable",
                new SeparableConvolution2D.Builder(3, 3)
                    .nOut(4)
                    .convolutionMode(ConvolutionMode.Same)
                    .build(),
                "c1")
            .addVertex("merge", new MergeVertex(), "c2", "separable")
            .addLayer("bn", norm(), "merge")
            .addLayer("elu", new ActivationLayer.Builder().activation(Activation.ELU).build(), "bn")
            .addLayer("c3", convolution(1, CLASSES).activation(Activation.IDENTITY).build(), "elu")
            .addLayer("mean", new GlobalPoolingLayer.Builder(PoolingType.AVG).build(), "c3")
            .addLayer(
                "out",
                new LossLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX).build(),
                "mean")
            .setOutputs("out");
    return graph.build();
  }
}
