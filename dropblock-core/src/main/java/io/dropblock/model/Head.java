package io.dropblock.model;

import java.util.List;

/** What sits on a {@link Trunk} and solves a task: the end of a network, with its loss. */
public sealed interface Head
    permits ClassificationHead, BroughtClassificationHead, DetectionHead, SegmentationHead {

  /** The name that people use for the whole network, of a trunk with such a name. */
  String title(String trunk);

  /** Names of the vertices that give the network's outputs, in their order. */
  List<String> outputs();

  /** Whether it has sites that drop activations, for {@link Regularization.Site#HEAD}. */
  boolean hasSites();

  /**
   * Adds itself and its loss to a graph under construction.
   *
   * @param levels of the trunk
   * @throws IllegalArgumentException if the trunk lacks a level that it needs
   */
  void addTo(Motifs graph, List<Level> levels);
}
