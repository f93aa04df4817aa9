package io.dropblock.model;

import java.util.List;

/**
 * The residual groups that turn an image into features of several levels; a {@link Head} reads
 * them.
 */
public sealed interface Trunk permits ResNet, CifarResNet {

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

  /** Adds all groups to a graph under construction. */
  void addTo(Motifs graph);
}
