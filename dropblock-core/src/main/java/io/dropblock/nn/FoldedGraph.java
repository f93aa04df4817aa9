package io.dropblock.nn;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.DropoutLayer;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationReLU;

/** The configuration of a graph for inference, made from that of a trained one, and what is new. */
final class FoldedGraph {
  private final ComputationGraph trained;
  private final ComputationGraphConfiguration configuration;
  private final Map<String, String> folds = new LinkedHashMap<>();

  private FoldedGraph(ComputationGraph trained) {
    this.trained = trained;
    // Nothing shared with the trained graph, and its counters with it, which clone() forgets
    configuration = ComputationGraphConfiguration.fromJson(trained.getConfiguration().toJson());
  }

  static FoldedGraph of(ComputationGraph trained) {
    FoldedGraph graph = new FoldedGraph(trained);
    graph.leaveOutTrainingOnly();
    for (String name : graph.names()) {
      if (graph.isIdentity(name)) {
        graph.leaveOut(name);
      }
    }
    for (String name : graph.names()) {
      graph.foldIfPossible(name);
    }
    for (String name : graph.names()) {
      graph.sumIfPossible(name);
    }
    return graph;
  }

  ComputationGraphConfiguration configuration() {
    return configuration;
  }

  /** The name of each convolution with a normalisation folded into it, and that one's. */
  Map<String, String> folds() {
    return Collections.unmodifiableMap(folds);
  }

  private List<String> names() {
    return List.copyOf(configuration.getVertices().keySet());
  }

  /** Outputs that only teach, and what nobody reads without them. */
  private void leaveOutTrainingOnly() {
    List<String> outputs = new ArrayList<>(configuration.getNetworkOutputs());
    outputs.removeIf(name -> layer(name) instanceof TrainingOnly);
    if (outputs.size() == configuration.getNetworkOutputs().size()) {
      return;
    }
    if (outputs.isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot fold a network: all its outputs are for training only, "
              + configuration.getNetworkOutputs());
    }
    configuration.setNetworkOutputs(outputs);
    boolean found = true;
    while (found) {
      found = false;
      for (String name : names()) {
        if (!isOutput(name) && readers(name) == 0) {
          configuration.getVertices().remove(name);
          configuration.getVertexInputs().remove(name);
          found = true;
        }
      }
    }
    configuration.setTopologicalOrder(null);
    configuration.setTopologicalOrderStr(null);
  }

  private boolean isIdentity(String name) {
    if (isOutput(name) || hasPreProcessor(name) || isCopyForOverwriting(name)) {
      return false;
    }
    Object running = FoldedNetwork.running(trained.getVertex(name));
    return running instanceof DropSite site
        ? !site.state().isActive(false)
        : running instanceof DropoutLayer;
  }

  /** DL4J's activation layer overwrites what it reads at inference, whoever else reads it. */
  private boolean isCopyForOverwriting(String name) {
    return isOverwritten(name)
        && configuration.getVertexInputs().get(name).stream()
            .anyMatch(from -> readers(from) > 1 || configuration.getNetworkInputs().contains(from));
  }

  private void foldIfPossible(String name) {
    if (!(layer(name) instanceof BatchNormalization norm)
        || isOutput(name)
        || hasPreProcessor(name)) {
      return;
    }
    String from = configuration.getVertexInputs().get(name).get(0);
    if (layer(from) instanceof ConvolutionLayer convolution
        && isLinear(convolution)
        && convolution.getCnn2dDataFormat() == norm.getCnn2DFormat()
        && !isOutput(from)
        && readers(from) == 1) {
      convolution.setHasBias(true);
      if (norm instanceof BatchNorm ours && ours.relu()) {
        rectify(convolution);
      }
      folds.put(from, name);
      leaveOut(name);
    }
  }

  /** Lets a convolution that only a residual sum reads do the sum, and its readers read that. */
  private void sumIfPossible(String name) {
    if (!(configuration.getVertices().get(name) instanceof ResidualSum) || isOutput(name)) {
      return;
    }
    List<String> ends = configuration.getVertexInputs().get(name);
    for (int end = 0; end < 2; end++) {
      if (canAdd(ends.get(end), ends.get(1 - end))) {
        String convolution = ends.get(end);
        var holder = (LayerVertex) configuration.getVertices().get(convolution);
        rectify((ConvolutionLayer) holder.getLayerConf().getLayer());
        configuration.getVertices().put(convolution, new ConvolutionSum(holder));
        configuration.getVertexInputs().get(convolution).add(ends.get(1 - end));
        configuration.getVertexInputs().get(name).set(0, convolution);
        leaveOut(name);
        return;
      }
    }
  }

  /** The sum's place in the order is another then, so nothing it reads may be overwritten. */
  private boolean canAdd(String name, String other) {
    return layer(name) instanceof LeanConvolution convolution
        && isLinear(convolution)
        && !isOutput(name)
        && readers(name) == 1
        && !isOverwritten(configuration.getVertexInputs().get(name).get(0))
        && !isOverwritten(other);
  }

  private boolean isOverwritten(String name) {
    return configuration.getVertexInputs().entrySet().stream()
        .anyMatch(
            reader ->
                reader.getValue().contains(name)
                    && layer(reader.getKey()) instanceof ActivationLayer);
  }

  /** Not for the classes that extend DL4J's and calculate something else. */
  private static boolean isLinear(ConvolutionLayer layer) {
    return (layer.getClass() == ConvolutionLayer.class
            || layer instanceof LeanConvolution lean && !lean.relu())
        && layer.getActivationFn() instanceof ActivationIdentity;
  }

  private static void rectify(ConvolutionLayer convolution) {
    if (convolution instanceof LeanConvolution lean) {
      lean.rectify();
    } else {
      convolution.setActivationFn(new ActivationReLU());
    }
  }

  /** Lets the readers of a vertex read what it reads itself. */
  private void leaveOut(String name) {
    configuration.getVertices().remove(name);
    String from = configuration.getVertexInputs().remove(name).get(0);
    for (List<String> inputs : configuration.getVertexInputs().values()) {
      inputs.replaceAll(input -> input.equals(name) ? from : input);
    }
    configuration.setTopologicalOrder(null);
    configuration.setTopologicalOrderStr(null);
  }

  private Layer layer(String name) {
    return configuration.getVertices().get(name) instanceof LayerVertex holder
        ? holder.getLayerConf().getLayer()
        : null;
  }

  private boolean hasPreProcessor(String name) {
    return configuration.getVertices().get(name) instanceof LayerVertex holder
        && holder.getPreProcessor() != null;
  }

  private boolean isOutput(String name) {
    return configuration.getNetworkOutputs().contains(name);
  }

  private long readers(String name) {
    return configuration.getVertexInputs().values().stream()
        .flatMap(Collection::stream)
        .filter(name::equals)
        .count();
  }
}
