package io.dropblock.exchange.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtException;
import io.dropblock.brought.BroughtNetwork;
import io.dropblock.model.Architecture;
import io.dropblock.model.BroughtClassificationHead;
import io.dropblock.model.BroughtTrunk;
import io.dropblock.model.MapShape;
import io.dropblock.model.NormSettings;
import io.dropblock.model.Regularization;
import io.dropblock.nn.FoldedNetwork;
import io.dropblock.nn.NamedParameters;
import io.dropblock.optimizer.Momentum;
import io.dropblock.optimizer.WeightDecay;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Models of brought networks say in ONNX Runtime what DL4J says of the networks as they came. */
class BroughtOnnxTest {
  private static final int SIZE = 10;
  private static final int CLASSES = 4;

  /** Dense layers read maps in the order of the file. */
  @ParameterizedTest
  @CsvSource({"NCHW, MAX", "NCHW, AVG", "NHWC, MAX", "NHWC, AVG"})
  void flattensMapsInTheirOrder(CNN2DFormat order, SubsamplingLayer.PoolingType pool)
      throws IOException, OrtException {
    GraphBuilder graph =
        begin(order)
            .addLayer("c", convolution(Activation.TANH), "in")
            .addLayer(
                "p", new SubsamplingLayer.Builder(pool).kernelSize(2, 2).stride(2, 2).build(), "c")
            .addLayer("d", new DenseLayer.Builder().nOut(7).dropOut(.8).build(), "p")
            .addLayer("e", new DenseLayer.Builder().nOut(6).hasBias(false).build(), "d");
    requireSame(outputLayer(graph, "e"), order);
  }

  @Test
  void isOfOneSizeWhereItFlattens() throws IOException, OrtException {
    GraphBuilder graph =
        begin(CNN2DFormat.NCHW).addLayer("d", new DenseLayer.Builder().nOut(5).build(), "in");
    try (OnnxSession session = new OnnxSession(model(ours(outputLayer(graph, "d"))))) {
      INDArray larger = Nd4j.zeros(DataType.FLOAT, 1, 3, SIZE + 2, SIZE + 2);
      assertThatThrownBy(() -> session.run(larger)).hasMessageContaining("invalid dimensions");
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Activation.class,
      names = {
        "IDENTITY",
        "RELU",
        "TANH",
        "SIGMOID",
        "ELU",
        "LEAKYRELU",
        "SELU",
        "SOFTPLUS",
        "SOFTSIGN",
        "HARDSIGMOID",
        "SWISH"
      })
  void hasTheActivationFunctions(Activation function) throws IOException, OrtException {
    GraphBuilder graph =
        begin(CNN2DFormat.NCHW)
            .addLayer("c", convolution(Activation.IDENTITY), "in")
            .addLayer("bn", new BatchNormalization(), "c")
            .addLayer("a", new ActivationLayer.Builder().activation(function).build(), "bn")
            .addLayer("mean", new GlobalPoolingLayer.Builder(PoolingType.AVG).build(), "a")
            .addLayer("d", new DenseLayer.Builder().nOut(5).activation(function).build(), "mean");
    requireSame(outputLayer(graph, "d"), CNN2DFormat.NCHW);
  }

  @Test
  void hasASoftmaxOfVectors() throws IOException, OrtException {
    GraphBuilder graph =
        begin(CNN2DFormat.NCHW)
            .addLayer(
                "d", new DenseLayer.Builder().nOut(5).activation(Activation.SOFTMAX).build(), "in");
    requireSame(outputLayer(graph, "d"), CNN2DFormat.NCHW);
  }

  /** DL4J's is over the last axis, whichever that is. */
  @Test
  void refusesASoftmaxOfMaps() {
    GraphBuilder graph =
        begin(CNN2DFormat.NCHW)
            .addLayer("c", convolution(Activation.SOFTMAX), "in")
            .addLayer("mean", new GlobalPoolingLayer.Builder(PoolingType.AVG).build(), "c");
    ComputationGraph network = ours(outputLayer(graph, "mean"));
    assertThatThrownBy(() -> model(network)).hasMessageContaining("ONNX export knows no node");
  }

  /** DL4J's activation layer works in place, so what others read, too, is copied for it. */
  @Test
  void copiesWhatSeveralRead() throws IOException, OrtException {
    GraphBuilder graph =
        begin(CNN2DFormat.NCHW)
            .addLayer("c", convolution(Activation.IDENTITY), "in")
            .addLayer("a", new ActivationLayer.Builder().activation(Activation.TANH).build(), "c")
            .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "c", "a")
            .addLayer("mean", new GlobalPoolingLayer.Builder(PoolingType.AVG).build(), "sum");
    ComputationGraphConfiguration stock = outputLayer(graph, "mean");
    assertThat(ours(stock).getConfiguration().getVertices().values())
        .hasAtLeastOneElementOfType(ScaleVertex.class);
    requireSame(stock, CNN2DFormat.NCHW);
  }

  @Test
  void endsWithoutParameters() throws IOException, OrtException {
    GraphBuilder graph =
        begin(CNN2DFormat.NCHW)
            .addLayer("c", convolution(Activation.LEAKYRELU), "in")
            .addLayer("max", new GlobalPoolingLayer.Builder(PoolingType.MAX).build(), "c")
            .addLayer(
                "out",
                new LossLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX).build(),
                "max")
            .setOutputs("out");
    requireSame(graph.build(), CNN2DFormat.NCHW);
  }

  @ParameterizedTest
  @EnumSource(
      value = Activation.class,
      names = {"CUBE", "MISH", "RATIONALTANH", "THRESHOLDEDRELU"})
  void refusesWhatNoNodeDoes(Activation function) {
    GraphBuilder graph =
        begin(CNN2DFormat.NCHW)
            .addLayer("d", new DenseLayer.Builder().nOut(5).activation(function).build(), "in");
    ComputationGraph network = ours(outputLayer(graph, "d"));
    assertThatThrownBy(() -> model(network))
        .hasMessageStartingWith("its layer d has the activation function ")
        .hasMessageEndingWith(", for which ONNX export knows no node");
  }

  private static GraphBuilder begin(CNN2DFormat order) {
    return new NeuralNetConfiguration.Builder()
        .seed(3)
        .weightInit(WeightInit.NORMAL)
        .activation(Activation.TANH)
        .graphBuilder()
        .addInputs("in")
        .setInputTypes(InputType.convolutional(SIZE, SIZE, 3, order));
  }

  private static ConvolutionLayer convolution(Activation function) {
    return new ConvolutionLayer.Builder(3, 3).nOut(CLASSES).activation(function).build();
  }

  private static ComputationGraphConfiguration outputLayer(GraphBuilder graph, String last) {
    return graph
        .addLayer(
            "out",
            new OutputLayer.Builder(LossFunction.MCXENT)
                .nOut(CLASSES)
                .activation(Activation.SOFTMAX)
                .build(),
            last)
        .setOutputs("out")
        .build();
  }

  private static void requireSame(ComputationGraphConfiguration stock, CNN2DFormat order)
      throws IOException, OrtException {
    ComputationGraph original = new ComputationGraph(stock);
    original.init();
    ComputationGraph ours = ours(stock);
    Map<String, INDArray> to = NamedParameters.of(ours).values();
    NamedParameters.of(original)
        .inFormOf(to.keySet())
        .values()
        .forEach((name, value) -> to.get(name).assign(value));
    INDArray images = Nd4j.randn(DataType.FLOAT, 6, 3, SIZE, SIZE).muli(2);
    INDArray expected =
        original.outputSingle(
            order == CNN2DFormat.NHWC ? images.permute(0, 2, 3, 1).dup('c') : images);
    assertThat(expected.std(0).maxNumber().doubleValue()).isGreaterThan(1e-4);
    for (ComputationGraph exported : List.of(ours, FoldedNetwork.of(ours))) {
      try (OnnxSession session = new OnnxSession(model(exported))) {
        INDArray found = session.run(images).get("probabilities");
        assertThat(found.sub(expected).amaxNumber().doubleValue()).isLessThan(2e-6);
      }
    }
  }

  private static OnnxModel model(ComputationGraph network) {
    return OnnxModel.of(
        network,
        new OnnxInput(SIZE, true, Optional.empty()),
        new ClassificationEnding(CLASSES),
        Map.of());
  }

  private static ComputationGraph ours(ComputationGraphConfiguration stock) {
    BroughtTrunk trunk =
        new BroughtTrunk("stock", BroughtNetwork.of(stock.toJson(), SIZE, CLASSES), Set.of());
    ComputationGraph network =
        new ComputationGraph(
            new Architecture(
                    trunk, new BroughtClassificationHead(trunk, 0), NormSettings.CLASSIFICATION)
                .configuration(
                    new MapShape(3, SIZE, SIZE),
                    Regularization.none(),
                    new Momentum(.9, true, WeightDecay.none()),
                    7));
    network.init();
    return network;
  }
}
