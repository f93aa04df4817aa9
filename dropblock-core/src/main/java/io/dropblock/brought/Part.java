package io.dropblock.brought;

import java.util.List;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.layers.Layer;

/**
 * A vertex of a network under construction: a layer, or a vertex without one.
 *
 * @param name of the vertex
 * @param layer null where there is a vertex
 * @param vertex null where there is a layer
 * @param before what lies in front of the layer; null for nothing
 * @param reads names of parts, in the order of its inputs; the image is {@link Conversion#IMAGE}
 * @param site the vertex of the file behind which something is dropped, if it ends with this part;
 *     null if nothing is
 */
public record Part(
    String name,
    Layer layer,
    GraphVertex vertex,
    InputPreProcessor before,
    List<String> reads,
    String site) {

  /** Copies the list. */
  public Part {
    reads = List.copyOf(reads);
  }

  static Part of(String name, Layer layer, InputPreProcessor before, String from) {
    return new Part(name, layer, null, before, List.of(from), null);
  }

  static Part of(String name, GraphVertex vertex, List<String> from) {
    return new Part(name, null, vertex, null, from, null);
  }

  Part dropping(String file) {
    return new Part(name, layer, vertex, before, reads, file);
  }
}
