package io.dropblock.model;

import io.dropblock.brought.BroughtNetwork;
import io.dropblock.brought.Fate;
import io.dropblock.brought.Part;
import io.dropblock.model.Regularization.Site;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;

/**
 * All of a network that somebody brought but its last layer. It is one group, whose sites are of
 * the kind {@link Site#BRANCH}: the vertices that were named.
 *
 * @param title the name that people use
 * @param network that was brought
 * @param after names of the vertices behind which something is dropped, where the group drops
 */
public record BroughtTrunk(String title, BroughtNetwork network, Set<String> after)
    implements Trunk {
  private static final int GROUP = 1;

  /**
   * @throws IllegalArgumentException if there is no such vertex, or it gives no feature map
   */
  public BroughtTrunk {
    after = Set.copyOf(after);
    network.requireMaps(after);
  }

  /** What the last layer reads; its stride is not known. */
  @Override
  public List<Level> levels() {
    List<Part> parts = parts(false);
    Part last = parts.get(parts.size() - 1);
    return List.of(new Level(GROUP + 1, last.reads().get(0), 1, 1));
  }

  /** All but the last layer. */
  @Override
  public void addTo(Motifs graph) {
    List<Part> parts = parts(graph.norms().frozen());
    for (Part part : parts.subList(0, parts.size() - 1)) {
      graph.part(part);
      if (part.site() != null) {
        String map = graph.dropBlock(part.site() + "-", "", part.name(), GROUP, Site.BRANCH);
        graph.readInPlaceOf(
            part.name(), graph.dropPath(part.site() + "-drop-path", map, GROUP, 0, 1));
      }
    }
  }

  /** Its last layer. */
  Part output() {
    List<Part> parts = parts(false);
    return parts.get(parts.size() - 1);
  }

  /** What became of each vertex of the network that was brought. */
  public List<Fate> fates(NormSettings norms) {
    return network.conversion(after, norms.frozen()).fates();
  }

  private List<Part> parts(boolean frozen) {
    return network.conversion(after, frozen).parts();
  }

  @Override
  public Set<String> verticesIn(ComputationGraphConfiguration graph) {
    Set<String> all = new LinkedHashSet<>(graph.getVertices().keySet());
    graph.getNetworkOutputs().forEach(all::remove);
    return all;
  }

  /**
   * Name of the convolution that reads the image.
   *
   * @throws IllegalArgumentException if something else reads it, too, or in its place
   */
  @Override
  public String firstConvolutionIn(ComputationGraphConfiguration graph) {
    List<String> readers =
        graph.getVertexInputs().entrySet().stream()
            .filter(vertex -> vertex.getValue().contains(graph.getNetworkInputs().get(0)))
            .map(Map.Entry::getKey)
            .toList();
    if (readers.size() != 1
        || !(graph.getVertices().get(readers.get(0)) instanceof LayerVertex holder)
        || !(holder.getLayerConf().getLayer() instanceof ConvolutionLayer)) {
      throw new IllegalArgumentException(
          "its image is read by " + readers + ", which is not one convolution to be frozen");
    }
    return readers.get(0);
  }
}
