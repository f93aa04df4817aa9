package io.dropblock.exchange.onnx;

import io.dropblock.nn.BatchNorm;
import io.dropblock.nn.ChannelsFirst;
import io.dropblock.nn.ChannelsLast;
import io.dropblock.nn.ConvolutionSum;
import io.dropblock.nn.DropBlock;
import io.dropblock.nn.DropPath;
import io.dropblock.nn.Dropout;
import io.dropblock.nn.FoldedNetwork;
import io.dropblock.nn.LeanConvolution;
import io.dropblock.nn.Rectifier;
import io.dropblock.nn.ResidualSum;
import io.dropblock.nn.TrainingOnly;
import io.dropblock.nn.cell.OddPositions;
import io.dropblock.nn.pyramid.LevelNet;
import io.dropblock.nn.pyramid.UpsampleSum;
import io.dropblock.nn.separable.DepthwiseConvolution;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.NoParamLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The vertices of a network as nodes, up to its outputs' logits. */
final class VertexNodes {
  private final OnnxGraph graph;
  private final ComputationGraph network;
  private final ComputationGraphConfiguration configuration;
  private final Map<String, String> values = new HashMap<>();

  VertexNodes(OnnxGraph graph, ComputationGraph network) {
    this.graph = graph;
    this.network = network;
    this.configuration = network.getConfiguration();
  }

  /**
   * Adds them.
   *
   * @param images what the network reads
   * @return the outputs but those that only teach, before their activation functions
   * @throws IllegalArgumentException if there is a vertex that no node does
   */
  List<String> add(String images) {
    values.put(configuration.getNetworkInputs().get(0), images);
    List<String> outputs =
        configuration.getNetworkOutputs().stream()
            .filter(name -> !(layer(name) instanceof TrainingOnly))
            .toList();
    Set<String> needed = needed(outputs);
    for (int index : network.topologicalSortOrder()) {
      String name = network.getVertices()[index].getVertexName();
      if (needed.contains(name)) {
        values.put(name, value(name));
      }
    }
    return outputs.stream().map(values::get).toList();
  }

  /** All that leads to some outputs. */
  private Set<String> needed(List<String> outputs) {
    Set<String> found = new HashSet<>();
    Deque<String> next = new ArrayDeque<>(outputs);
    while (!next.isEmpty()) {
      String name = next.remove();
      if (configuration.getVertices().containsKey(name) && found.add(name)) {
        next.addAll(configuration.getVertexInputs().get(name));
      }
    }
    return found;
  }

  private String value(String name) {
    List<String> from = inputs(name);
    Map<String, INDArray> parameters = network.getVertex(name).paramTable(false);
    GraphVertex vertex = configuration.getVertices().get(name);
    if (vertex instanceof LayerVertex holder) {
      return vertex instanceof ConvolutionSum
          ? new ConvolutionNodes(graph)
              .convolutionSum(
                  name, (LeanConvolution) layer(name), parameters, from.get(0), from.get(1))
          : layer(name, layer(name), parameters, from.get(0));
    }
    if (vertex instanceof ResidualSum) {
      return graph.node("Relu", name, List.of(graph.node("Add", name + "/added", from)));
    }
    if (vertex instanceof Rectifier) {
      return graph.node("Relu", name, from);
    }
    if (vertex instanceof ElementWiseVertex sum && sum.getOp() == ElementWiseVertex.Op.Add) {
      return graph.node("Sum", name, from);
    }
    if (vertex instanceof MergeVertex) {
      return graph.node("Concat", name, from, Attributes.number("axis", 1));
    }
    if (vertex instanceof UpsampleSum sum) {
      return new PyramidNodes(graph).upsampleSum(name, sum, from.get(0), from.get(1));
    }
    if (vertex instanceof LevelNet net) {
      return new PyramidNodes(graph).levels(name, net, parameters, from);
    }
    if (vertex instanceof PreprocessorVertex order) {
      return prepared(name, order.getPreProcessor(), from.get(0));
    }
    if (vertex instanceof ScaleVertex scale) {
      return graph.node(
          "Mul",
          name,
          List.of(
              from.get(0),
              graph.floats(name + "/scale", new float[] {(float) scale.getScaleFactor()})));
    }
    if (vertex instanceof OddPositions) {
      return oddPositions(name, from.get(0));
    }
    if ((vertex instanceof DropPath || vertex instanceof Dropout) && dropsNothing()) {
      return from.get(0);
    }
    throw unknown(name, vertex);
  }

  /** What a vertex reads. */
  private List<String> inputs(String name) {
    List<String> read =
        configuration.getVertexInputs().get(name).stream().map(values::get).toList();
    return configuration.getVertices().get(name) instanceof LayerVertex holder
            && holder.getPreProcessor() != null
        ? List.of(prepared(name + "/prepared", holder.getPreProcessor(), read.get(0)))
        : read;
  }

  /** Maps are channels first here, whatever the network's order is. */
  private String prepared(String name, InputPreProcessor before, String from) {
    if (before instanceof ChannelsLast || before instanceof ChannelsFirst) {
      return from;
    }
    if (before instanceof CnnToFeedForwardPreProcessor flat) {
      return new StockNodes(graph).flat(name, flat, from);
    }
    throw unknown(name, before);
  }

  private String layer(String name, Layer layer, Map<String, INDArray> parameters, String from) {
    if (layer instanceof LeanConvolution convolution
        && PoolNodes.isDense(convolution.getDilation())) {
      return new ConvolutionNodes(graph).convolution(name, convolution, parameters, from);
    }
    if (layer instanceof DepthwiseConvolution convolution) {
      return new ConvolutionNodes(graph).depthwise(name, convolution, parameters, from);
    }
    if (layer instanceof BatchNorm norm && !norm.isLockGammaBeta()) {
      return new NormNodes(graph).norm(name, norm, parameters, from);
    }
    if (layer instanceof SubsamplingLayer pool && PoolNodes.does(pool)) {
      return new PoolNodes(graph).pool(name, pool, from);
    }
    if (layer instanceof GlobalPoolingLayer pool && PoolNodes.does(pool)) {
      return new PoolNodes(graph).global(name, pool, from);
    }
    if (layer instanceof OutputLayer) {
      return new StockNodes(graph).sums(name, name, parameters, from);
    }
    if (layer instanceof DenseLayer dense) {
      return new StockNodes(graph).dense(name, dense, parameters, from);
    }
    // over the last axis, which of maps is another in each order
    if (layer instanceof ActivationLayer activation
        && !(activation.getActivationFn() instanceof ActivationSoftmax)) {
      return new StockNodes(graph).activation(name, activation.getActivationFn(), from);
    }
    if (layer instanceof DropBlock && dropsNothing()) {
      return from;
    }
    // gives what it reads, and is there for its loss
    if ((layer instanceof NoParamLayer || layer instanceof LossLayer)
        && configuration.getNetworkOutputs().contains(name)) {
      return from;
    }
    throw unknown(name, layer);
  }

  /** A folded network has no site any more, but for those that drop at inference, too. */
  private boolean dropsNothing() {
    return !(network instanceof FoldedNetwork);
  }

  /** A row and a column of zeros at the end, then every second pixel from the second on. */
  private String oddPositions(String name, String from) {
    String padded =
        graph.node(
            "Pad",
            name + "/padded",
            List.of(from, graph.integers("one-behind", 0, 0, 0, 0, 0, 0, 1, 1)));
    return graph.node(
        "Slice",
        name,
        List.of(
            padded,
            graph.integers("from-second", 1, 1),
            graph.integers("to-end", Integer.MAX_VALUE, Integer.MAX_VALUE),
            graph.integers("of-maps", 2, 3),
            graph.integers("every-second", 2, 2)));
  }

  private Layer layer(String name) {
    return configuration.getVertices().get(name) instanceof LayerVertex holder
        ? holder.getLayerConf().getLayer()
        : null;
  }

  private static IllegalArgumentException unknown(String name, Object what) {
    return new IllegalArgumentException(
        "its vertex "
            + name
            + " is a "
            + what.getClass().getSimpleName()
            + ", for which ONNX export"
            + " knows no node");
  }
}
