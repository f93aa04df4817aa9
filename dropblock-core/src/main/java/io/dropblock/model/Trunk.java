package io.dropblock.model;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.distribution.NormalDistribution;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.deeplearning4j.nn.weights.WeightInitDistribution;

/**
 * The residual groups that turn an image into features of several levels; a {@link Head} reads
 * them.
 */
public sealed interface Trunk permits ResNet, CifarResNet, AmoebaNet, BroughtTrunk {

  /** The name that people use: {@code ResNet-50}. */
  String title();

  /** The ends of the residual groups in their order, C2 first: at least one. */
  List<Level> levels();

  /**
   * Number of residual groups, the last of which carries the scheduled keep probability undivided.
   */
  default int groups() {
    return levels().size();
  }

  /** Whether its groups consist of cells, of which each may drop paths more than the one before. */
  default boolean hasCells() {
    return false;
  }

  /**
   * Initial weights of a dense layer on its pooled features.
   *
   * @param outputs of that layer
   */
  default IWeightInit headWeights(int outputs) {
    return new WeightInitDistribution(new NormalDistribution(0, .01));
  }

  /** Adds all groups to a graph under construction. */
  void addTo(Motifs graph);

  /**
   * Names of the vertices of a network that are this trunk's: the ends of its levels, and all that
   * comes before them.
   *
   * @throws IllegalArgumentException if the network lacks a level
   */
  default Set<String> verticesIn(ComputationGraphConfiguration network) {
    Set<String> found = new LinkedHashSet<>();
    Deque<String> next = new ArrayDeque<>();
    for (Level level : levels()) {
      if (!network.getVertices().containsKey(level.vertex())) {
        throw new IllegalArgumentException(
            "Cannot find trunk " + title() + " in a network: it has no " + level.vertex());
      }
      next.add(level.vertex());
    }
    while (!next.isEmpty()) {
      String name = next.remove();
      // the image is no vertex
      if (network.getVertices().containsKey(name) && found.add(name)) {
        next.addAll(network.getVertexInputs().get(name));
      }
    }
    return found;
  }

  /**
   * Name of the convolution that reads the image.
   *
   * @param network with this trunk
   */
  default String firstConvolutionIn(ComputationGraphConfiguration network) {
    return network.getVertexInputs().entrySet().stream()
        .filter(vertex -> vertex.getValue().equals(network.getNetworkInputs()))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow();
  }

  /**
   * Gives a network the parameters that this trunk has in a trained one.
   *
   * @param trained initialised, with this trunk; stays as it is
   * @param network initialised, with this trunk and a head of its own
   * @return what was taken, or why nothing was
   * @throws IllegalArgumentException if one of them lacks a level of the trunk
   */
  default TrunkTransfer copy(ComputationGraph trained, ComputationGraph network) {
    return TrunkTransfer.between(this, trained, network);
  }
}
