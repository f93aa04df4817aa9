package io.dropblock.model;

import io.dropblock.optimizer.OnePassUpdater;
import io.dropblock.optimizer.Optimizer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * A whole network: a trunk with a head on it.
 *
 * @param trunk turns the image into features
 * @param head solves the task
 * @param norms of all batch normalisations
 */
public record Architecture(Trunk trunk, Head head, NormSettings norms) {

  /** An image classifier with the paper's batch normalisation. */
  public static Architecture classifier(Trunk trunk, int classes) {
    return new Architecture(trunk, new ClassificationHead(classes), NormSettings.CLASSIFICATION);
  }

  /** The name that people use: {@code ResNet-50}. */
  public String title() {
    return head.title(trunk.title());
  }

  /**
   * Describes the network. Its one input is {@code image}, {@code [N, C, H, W]}; its outputs, and
   * their losses, are the head's.
   *
   * @param image the size of the training images; any
   * @param seed of the initial weights: equal arguments give bit-equal networks
   * @throws IllegalArgumentException if {@code regularization} names a group or a site that the
   *     network lacks, or the head a level
   */
  public ComputationGraphConfiguration configuration(
      MapShape image, Regularization regularization, Optimizer optimizer, long seed) {
    regularization.requireGroupsUpTo(trunk.groups(), trunk.title());
    if (regularization.coversHead() && !head.hasSites()) {
      throw new IllegalArgumentException(
          "Cannot regularize the head of "
              + title()
              + ": it has no site that drops, only residual groups have");
    }
    if (regularization.kind() == Regularization.Kind.DROP_PATH_BY_CELL && !trunk.hasCells()) {
      throw new IllegalArgumentException(
          "Cannot drop paths by cell in " + title() + ": it consists of residual blocks");
    }
    Motifs graph = Motifs.startOf(image, trunk, norms, regularization, optimizer, seed);
    trunk.addTo(graph);
    head.addTo(graph, trunk.levels());
    return graph.end(head.outputs());
  }

  /** Builds what {@link #configuration} describes, with fresh weights. */
  public ComputationGraph network(
      MapShape image, Regularization regularization, Optimizer optimizer, long seed) {
    ComputationGraph network =
        new ComputationGraph(configuration(image, regularization, optimizer, seed));
    network.init();
    OnePassUpdater.attach(network);
    return network;
  }
}
