package io.dropblock.nn;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A graph's parameters, moving statistics included, by name: the vertex, a slash, DL4J's name of
 * the parameter. {@code group3/block0/conv1/W}, {@code group3/block0/bn1/gamma}, {@code
 * head/levels/conv0/level1/var}.
 *
 * @param values the graph's own arrays, no copies, in the order of the forward pass
 */
public record NamedParameters(Map<String, INDArray> values) {

  /** Copies the map, not the arrays. */
  public NamedParameters {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /** All of an initialised graph. */
  public static NamedParameters of(ComputationGraph network) {
    return of(network, network.getConfiguration().getVertices().keySet());
  }

  /** Those of some vertices of an initialised graph. */
  public static NamedParameters of(ComputationGraph network, Set<String> vertices) {
    Map<String, INDArray> values = new LinkedHashMap<>();
    for (int index : network.topologicalSortOrder()) {
      GraphVertex vertex = network.getVertices()[index];
      if (vertex.numParams() > 0 && vertices.contains(vertex.getVertexName())) {
        vertex
            .paramTable(false)
            .forEach((name, value) -> values.put(vertex.getVertexName() + "/" + name, value));
      }
    }
    return new NamedParameters(values);
  }

  /**
   * The same numbers under another network's names. They differ where one of the two keeps the
   * moving variance of a normalisation as it is, {@code var}, and the other as {@code log10stdev},
   * as older versions of this program did; these are copies, converted. All else are the arrays
   * themselves, under the names that they have.
   *
   * @param names of the other one
   */
  public NamedParameters inFormOf(Set<String> names) {
    return new NamedParameters(MovingVariance.inFormOf(names, values));
  }
}
