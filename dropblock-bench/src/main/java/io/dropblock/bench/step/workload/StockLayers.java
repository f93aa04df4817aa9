package io.dropblock.bench.step.workload;

import io.dropblock.bench.step.StepCase;
import io.dropblock.nn.BatchNorm;
import io.dropblock.nn.ConvolutionSum;
import io.dropblock.nn.LeanConvolution;
import io.dropblock.nn.ResidualSum;
import io.dropblock.optimizer.MomentumSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * A network of ours with DL4J's own layers in place of ours, channels first, as a user of DL4J
 * would have written it: what {@link StepCase#STOCK} measures. The same parameters by name.
 */
final class StockLayers {
  private static final ObjectMapper MAPPER = NeuralNetConfiguration.mapper();

  private final ComputationGraphConfiguration ours;
  private final GraphBuilder stock;

  /** Where a vertex' output is found in the stock graph, if not under its own name. */
  private final Map<String, String> outputs = new HashMap<>();

  private StockLayers(ComputationGraphConfiguration ours) {
    this.ours = ours;
    stock =
        new NeuralNetConfiguration.Builder()
            .seed(ours.getDefaultConfiguration().getSeed())
            .graphBuilder()
            .addInputs(ours.getNetworkInputs());
  }

  /**
   * Rebuilds a network.
   *
   * @param images the type of its one input
   */
  static ComputationGraph of(ComputationGraph network, InputType images) {
    StockLayers layers = new StockLayers(network.getConfiguration().clone());
    for (int index : network.topologicalSortOrder()) {
      String name = network.getVertices()[index].getVertexName();
      if (layers.ours.getVertices().containsKey(name)) {
        layers.add(name, layers.ours.getVertices().get(name));
      }
    }
    ComputationGraph rebuilt =
        new ComputationGraph(
            layers
                .stock
                .setInputTypes(images)
                .setOutputs(layers.ours.getNetworkOutputs().toArray(String[]::new))
                .build());
    rebuilt.init();
    network.paramTable().forEach((name, value) -> rebuilt.getParam(name).assign(value));
    return rebuilt;
  }

  private void add(String name, GraphVertex vertex) {
    List<String> inputs = ours.getVertexInputs().get(name);
    String[] from =
        inputs.stream().map(input -> outputs.getOrDefault(input, input)).toArray(String[]::new);
    boolean relu = false;
    String last = name;
    if (vertex instanceof LayerVertex holder) {
      Layer layer = holder.getLayerConf().getLayer();
      relu =
          layer instanceof BatchNorm norm && norm.relu()
              || layer instanceof LeanConvolution convolution && convolution.relu();
      stock.addLayer(name, stock(layer), from[0]);
      if (vertex instanceof ConvolutionSum) {
        last = name + "-sum";
        stock.addVertex(last, new ElementWiseVertex(ElementWiseVertex.Op.Add), name, from[1]);
      }
    } else if (vertex instanceof ResidualSum) {
      relu = true;
      stock.addVertex(name, new ElementWiseVertex(ElementWiseVertex.Op.Add), from);
    } else {
      stock.addVertex(name, vertex.clone(), from);
    }
    if (relu) {
      outputs.put(name, name + "-relu");
      stock.addLayer(name + "-relu", new ActivationLayer(Activation.RELU), last);
    }
  }

  private static Layer stock(Layer layer) {
    ObjectNode json = MAPPER.valueToTree(layer);
    if (layer instanceof LeanConvolution) {
      json.put("@class", ConvolutionLayer.class.getName());
      json.remove("relu");
    } else if (layer instanceof BatchNorm) {
      json.put("@class", BatchNormalization.class.getName());
      json.remove("relu");
      json.remove("weightDecay");
      json.remove("decoupledDecay");
    }
    for (String format : List.of("cnn2dDataFormat", "cnn2DFormat", "format")) {
      if (json.has(format)) {
        json.put(format, "NCHW");
      }
    }
    if (json.has("poolingDimensions")) {
      json.putNull("poolingDimensions");
    }
    try {
      Layer stock = MAPPER.treeToValue(json, Layer.class);
      if (stock instanceof BaseLayer base
          && base.getIUpdater() instanceof MomentumSettings momentum) {
        base.setIUpdater(new Nesterovs(0, momentum.momentum()));
      }
      return stock;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot rebuild layer " + layer.getLayerName(), e);
    }
  }
}
