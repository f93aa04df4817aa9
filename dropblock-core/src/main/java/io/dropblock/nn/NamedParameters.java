package io.dropblock.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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

  /**
   * What became of each parameter when some were written into another graph.
   *
   * @param taken written
   * @param left not written, because the other graph has none of this name
   * @param kept of the other graph, which got no value
   * @param misfits not written, because the other graph's has another shape: the name and both
   *     shapes
   */
  public record Transfer(
      List<String> taken, List<String> left, List<String> kept, List<String> misfits) {

    /** Copies the lists. */
    public Transfer {
      taken = List.copyOf(taken);
      left = List.copyOf(left);
      kept = List.copyOf(kept);
      misfits = List.copyOf(misfits);
    }
  }

  /** All of an initialised graph. */
  public static NamedParameters of(ComputationGraph network) {
    Map<String, INDArray> values = new LinkedHashMap<>();
    for (int index : network.topologicalSortOrder()) {
      GraphVertex vertex = network.getVertices()[index];
      if (vertex.numParams() > 0) {
        vertex
            .paramTable(false)
            .forEach((name, value) -> values.put(vertex.getVertexName() + "/" + name, value));
      }
    }
    return new NamedParameters(values);
  }

  /** Those whose names begin with {@code prefix}: {@code group3/}, {@code head/}. */
  public NamedParameters within(String prefix) {
    Map<String, INDArray> some = new LinkedHashMap<>(values);
    some.keySet().removeIf(name -> !name.startsWith(prefix));
    return new NamedParameters(some);
  }

  /** Writes the values into another graph wherever that has a parameter of this name and shape. */
  public Transfer copyTo(ComputationGraph network) {
    Map<String, INDArray> others = of(network).values();
    List<String> taken = new ArrayList<>();
    List<String> left = new ArrayList<>();
    List<String> misfits = new ArrayList<>();
    values.forEach(
        (name, value) -> {
          INDArray other = others.get(name);
          if (other == null) {
            left.add(name);
          } else if (!Arrays.equals(value.shape(), other.shape())) {
            misfits.add(
                String.format(
                    Locale.ROOT,
                    "%s: %s in place of %s",
                    name,
                    Arrays.toString(value.shape()),
                    Arrays.toString(other.shape())));
          } else {
            other.assign(value);
            taken.add(name);
          }
        });
    List<String> kept = others.keySet().stream().filter(name -> !values.containsKey(name)).toList();
    return new Transfer(taken, left, kept, misfits);
  }
}
