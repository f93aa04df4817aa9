package io.dropblock.exchange.onnx;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import onnx.Onnx.ModelProto;
import onnx.Onnx.OperatorSetIdProto;
import onnx.Onnx.StringStringEntryProto;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** A network as an ONNX model. */
public final class OnnxModel {
  /** ONNX 1.12, the newest whose classes ND4J has. */
  private static final long IR_VERSION = 8;

  private static final long OPSET = 17;

  private final ModelProto model;

  private OnnxModel(ModelProto model) {
    this.model = model;
  }

  /**
   * Makes it.
   *
   * @param network initialised; folded, where it is to be
   * @param input what the model reads; of one size where the network flattens maps
   * @param ending what it makes of the network's logits
   * @param metadata texts by name
   * @throws IllegalArgumentException if the network has a vertex that no node does, as the end of a
   *     sentence
   */
  public static OnnxModel of(
      ComputationGraph network, OnnxInput input, OnnxEnding ending, Map<String, String> metadata) {
    if (input.anySize() && !ending.takesAnySize()) {
      throw new IllegalArgumentException("its outputs are for images of one size only");
    }
    OnnxGraph graph = new OnnxGraph("dropblock");
    OnnxInput read = flattens(network) ? input.ofOneSize() : input;
    List<String> outputs = new VertexNodes(graph, network).add(read.addTo(graph));
    ending.addTo(graph, outputs);
    ModelProto.Builder model =
        ModelProto.newBuilder()
            .setIrVersion(IR_VERSION)
            .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPSET))
            .setProducerName("dropblock")
            .setGraph(graph.build());
    new TreeMap<>(metadata)
        .forEach(
            (name, text) ->
                model.addMetadataProps(
                    StringStringEntryProto.newBuilder().setKey(name).setValue(text)));
    return new OnnxModel(model.build());
  }

  /**
   * Whether there are weights for each place of a map, which images of another size do not have.
   */
  private static boolean flattens(ComputationGraph network) {
    return network.getConfiguration().getVertices().values().stream()
        .map(
            vertex ->
                vertex instanceof PreprocessorVertex alone
                    ? alone.getPreProcessor()
                    : vertex instanceof LayerVertex layer ? layer.getPreProcessor() : null)
        .anyMatch(CnnToFeedForwardPreProcessor.class::isInstance);
  }

  /** How many nodes it has. */
  public int nodes() {
    return model.getGraph().getNodeCount();
  }

  /**
   * Writes it.
   *
   * @param file is not closed
   */
  public void write(OutputStream file) throws IOException {
    model.writeTo(file);
  }
}
