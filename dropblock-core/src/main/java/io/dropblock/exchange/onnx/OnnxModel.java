package io.dropblock.exchange.onnx;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import onnx.Onnx.ModelProto;
import onnx.Onnx.OperatorSetIdProto;
import onnx.Onnx.StringStringEntryProto;
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
   * @param input what the model reads
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
    List<String> outputs = new VertexNodes(graph, network).add(input.addTo(graph));
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
