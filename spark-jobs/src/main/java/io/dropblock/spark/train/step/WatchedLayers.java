package io.dropblock.spark.train.step;

import io.dropblock.metric.Histogram;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The layers of whose numbers histograms are made at the end of each epoch.
 *
 * @param names of layers, each may hold {@code *} for any text
 * @param others how many more: the first and the last layer with weights, and those between, evenly
 *     spread
 */
public record WatchedLayers(List<String> names, int others) implements Serializable {
  private static final int SOME = 8;
  private static final String WEIGHTS = "W";

  /** Copies the names. */
  public WatchedLayers {
    names = List.copyOf(names);
  }

  /** The first layer, the last one, and some between. */
  public static WatchedLayers some() {
    return new WatchedLayers(List.of(), SOME);
  }

  /** Not one. */
  public static WatchedLayers none() {
    return new WatchedLayers(List.of(), 0);
  }

  /** Those with such names; {@code *} is any text. */
  public static WatchedLayers named(List<String> names) {
    return new WatchedLayers(names, 0);
  }

  /**
   * A name that no layer with parameters has, if there is one.
   *
   * @param network in which they are looked for
   */
  public Optional<String> unknown(ComputationGraph network) {
    return names.stream()
        .filter(
            name ->
                withParameters(network).stream()
                    .noneMatch(it -> pattern(name).matcher(it.getVertexName()).matches()))
        .findFirst();
  }

  /** Names of those that a network has, in its order. */
  public List<String> namesIn(ComputationGraph network) {
    return chosen(network).stream().map(GraphVertex::getVertexName).toList();
  }

  /**
   * Histograms of the parameters, moving statistics included, by {@code <layer>/<parameter>}, in
   * the order of the network.
   */
  public Map<String, Histogram> parameters(ComputationGraph network) {
    Map<String, Histogram> histograms = new LinkedHashMap<>();
    for (GraphVertex vertex : chosen(network)) {
      vertex
          .paramTable(false)
          .forEach((name, values) -> histograms.put(tag(vertex, name), histogram(values, 1)));
    }
    return histograms;
  }

  /**
   * The same of the gradients, which are as DL4J hands them to its listeners, sums over a batch:
   * here means. What has none, as moving statistics, is left out.
   */
  Map<String, Histogram> gradients(ComputationGraph network) {
    INDArray flat = network.getGradientsViewArray();
    INDArray all = flat.reshape(flat.length());
    List<GraphVertex> chosen = chosen(network);
    Map<String, Histogram> histograms = new LinkedHashMap<>();
    long from = 0;
    for (GraphVertex vertex : withParameters(network)) {
      for (Map.Entry<String, INDArray> parameter : vertex.paramTable(false).entrySet()) {
        long to = from + parameter.getValue().length();
        if (chosen.contains(vertex) && vertex.updaterDivideByMinibatch(parameter.getKey())) {
          histograms.put(
              tag(vertex, parameter.getKey()),
              histogram(all.get(NDArrayIndex.interval(from, to)), 1. / network.batchSize()));
        }
        from = to;
      }
    }
    return histograms;
  }

  private static String tag(GraphVertex vertex, String parameter) {
    return vertex.getVertexName() + "/" + parameter;
  }

  private static Histogram histogram(INDArray values, double factor) {
    Histogram histogram = new Histogram();
    for (float value : values.dup('c').data().asFloat()) {
      histogram.add(factor * value);
    }
    return histogram;
  }

  private List<GraphVertex> chosen(ComputationGraph network) {
    List<GraphVertex> all = withParameters(network);
    List<GraphVertex> weighted =
        all.stream().filter(it -> it.paramTable(false).containsKey(WEIGHTS)).toList();
    Set<GraphVertex> spread = new HashSet<>();
    int count = Math.min(others, weighted.size());
    for (int i = 0; i < count; i++) {
      spread.add(
          weighted.get((int) Math.round(i * (weighted.size() - 1.) / Math.max(1, count - 1))));
    }
    List<Pattern> patterns = names.stream().map(WatchedLayers::pattern).toList();
    return all.stream()
        .filter(
            vertex ->
                spread.contains(vertex)
                    || patterns.stream()
                        .anyMatch(it -> it.matcher(vertex.getVertexName()).matches()))
        .toList();
  }

  private static Pattern pattern(String name) {
    List<String> parts = new ArrayList<>();
    for (String part : name.split("\\*", -1)) {
      parts.add(Pattern.quote(part));
    }
    return Pattern.compile(String.join(".*", parts));
  }

  /** In the order of the flat parameters. */
  private static List<GraphVertex> withParameters(ComputationGraph network) {
    List<GraphVertex> vertices = new ArrayList<>();
    for (int index : network.topologicalSortOrder()) {
      if (network.getVertices()[index].numParams() > 0) {
        vertices.add(network.getVertices()[index]);
      }
    }
    return vertices;
  }
}
