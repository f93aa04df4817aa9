package io.dropblock.nn;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Small networks on images of 2 x 6 x 5 with 3 classes. */
final class Nets {
  static final int CLASSES = 3;

  private Nets() {}

  static NeuralNetConfiguration.Builder settings(WorkspaceMode workspaces, DataType type) {
    return new NeuralNetConfiguration.Builder()
        .seed(3)
        .dataType(type)
        .updater(new NoOp())
        .trainingWorkspaceMode(workspaces)
        .inferenceWorkspaceMode(workspaces);
  }

  /** A graph that begins with a convolution "conv" and an activation "tanh". */
  static GraphBuilder begin(WorkspaceMode workspaces, DataType type) {
    return begin(settings(workspaces, type));
  }

  /** The same with settings of its own. */
  static GraphBuilder begin(NeuralNetConfiguration.Builder settings) {
    return settings
        .graphBuilder()
        .addInputs("in")
        .setInputTypes(InputType.convolutional(6, 5, 2))
        .addLayer("conv", convolution(), "in")
        .addLayer("tanh", new ActivationLayer(Activation.TANH), "conv");
  }

  /** Ends the graph behind a vertex and makes the network. */
  static ComputationGraph end(GraphBuilder graph, String last) {
    var network =
        new ComputationGraph(graph.addLayer("out", output(), last).setOutputs("out").build());
    network.init();
    return network;
  }

  /** conv, tanh, {@code drop}. */
  static ComputationGraph with(DropBlock layer) {
    return end(
        begin(WorkspaceMode.ENABLED, DataType.FLOAT).addLayer("drop", layer, "tanh"), "drop");
  }

  /** conv, tanh, {@code path}. */
  static ComputationGraph with(DropPath vertex) {
    return end(
        begin(WorkspaceMode.ENABLED, DataType.FLOAT).addVertex("path", vertex, "tanh"), "path");
  }

  static ConvolutionLayer convolution() {
    return new ConvolutionLayer.Builder(3, 3).padding(1, 1).nOut(2).build();
  }

  static OutputLayer output() {
    return new OutputLayer.Builder(LossFunction.MCXENT)
        .nOut(CLASSES)
        .activation(Activation.SOFTMAX)
        .build();
  }

  static INDArray images(DataType type, int samples) {
    Nd4j.getRandom().setSeed(7);
    return Nd4j.rand(type, samples, 2, 6, 5);
  }

  static INDArray labels(DataType type, int samples) {
    INDArray labels = Nd4j.zeros(type, samples, CLASSES);
    for (int sample = 0; sample < samples; sample++) {
      labels.putScalar(sample, sample % CLASSES, 1);
    }
    return labels;
  }
}
