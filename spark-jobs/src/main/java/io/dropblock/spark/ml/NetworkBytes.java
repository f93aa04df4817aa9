package io.dropblock.spark.ml;

import io.dropblock.nn.ArrayBytes;
import io.dropblock.nn.FoldedNetwork;
import io.dropblock.nn.NetworkState;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A network for inference as one array of bytes, which any of Spark's serialisers takes: the length
 * of its configuration, that as JSON in UTF-8, its parameters as they lie in memory.
 */
final class NetworkBytes {
  private NetworkBytes() {}

  /** Copies configuration and parameters; nothing else. */
  static byte[] of(NetworkState network) {
    byte[] configuration = network.configuration().getBytes(StandardCharsets.UTF_8);
    int length = Math.addExact(Integer.BYTES + configuration.length, network.parameters().length);
    return ByteBuffer.allocate(length)
        .putInt(configuration.length)
        .put(configuration)
        .put(network.parameters())
        .array();
  }

  /**
   * The network, folded, without what leads to none of the outputs.
   *
   * @param outputs names of the vertices that it puts out; those that only teach are left out
   */
  static FoldedNetwork network(byte[] bytes, List<String> outputs) {
    ByteBuffer from = ByteBuffer.wrap(bytes);
    byte[] json = new byte[from.getInt()];
    from.get(json);
    ComputationGraphConfiguration configuration =
        ComputationGraphConfiguration.fromJson(new String(json, StandardCharsets.UTF_8));
    configuration.setNetworkOutputs(new ArrayList<>(outputs));
    DataType type = configuration.getDataType();
    INDArray parameters = Nd4j.createUninitialized(type, 1, from.remaining() / type.width());
    ArrayBytes.forEachPart(
        parameters,
        part -> {
          part.put(from.slice(from.position(), part.remaining()));
          from.position(from.position() + part.position());
        });
    ComputationGraph graph = new ComputationGraph(configuration);
    graph.init(parameters, false);
    return FoldedNetwork.of(cut(graph));
  }

  /** The part that leads to the outputs; itself if that is all. */
  private static ComputationGraph cut(ComputationGraph whole) {
    ComputationGraphConfiguration part =
        ComputationGraphConfiguration.fromJson(whole.getConfiguration().toJson());
    Set<String> needed = needed(part);
    if (!part.getVertices().keySet().retainAll(needed)) {
      return whole;
    }
    part.getVertexInputs().keySet().retainAll(needed);
    part.setTopologicalOrder(null);
    part.setTopologicalOrderStr(null);
    long parameters =
        part.getVertices().values().stream().mapToLong(vertex -> vertex.numParams(true)).sum();
    ComputationGraph graph = new ComputationGraph(part);
    // zeros, as random ones take time
    graph.init(parameters == 0 ? null : Nd4j.create(part.getDataType(), 1, parameters), false);
    Map<String, INDArray> before = whole.paramTable();
    graph.paramTable().forEach((name, values) -> values.assign(before.get(name)));
    return graph;
  }

  private static Set<String> needed(ComputationGraphConfiguration network) {
    Set<String> needed = new HashSet<>();
    Deque<String> open = new ArrayDeque<>(network.getNetworkOutputs());
    while (!open.isEmpty()) {
      String name = open.remove();
      if (needed.add(name)) {
        open.addAll(network.getVertexInputs().getOrDefault(name, List.of()));
      }
    }
    return needed;
  }
}
