package io.dropblock.optimizer;

import java.util.Collection;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * How a step moves parameters, in the field's form.
 *
 * <p>The learning rate is not here: it changes each step and is set from outside. Until then it is
 * 0, so that a network whose rate nobody sets visibly stands still.
 */
public sealed interface Optimizer permits Adam, AdamW, Clipped, Frozen, Momentum, RmsProp {

  /** What draws parameters to 0. */
  WeightDecay decay();

  /** The same for DL4J, which trains with it even where {@link OnePassUpdater} is not attached. */
  IUpdater updater();

  /**
   * From now on a network made of this configuration is trained so. All parameters are, those of
   * vertices too; updaters and regularisations that were there are replaced.
   *
   * @return the same configuration
   * @throws IllegalArgumentException if it is not known what a parameter is for, or its layer
   *     cannot train it so
   */
  default ComputationGraphConfiguration applyTo(ComputationGraphConfiguration network) {
    return applyTo(network, network.getVertices().keySet());
  }

  /**
   * The same of some vertices; the others are trained as before.
   *
   * @param vertices their names
   * @return the same configuration
   * @throws IllegalArgumentException also if there is no such vertex
   */
  default ComputationGraphConfiguration applyTo(
      ComputationGraphConfiguration network, Collection<String> vertices) {
    for (String name : vertices) {
      GraphVertex vertex = network.getVertices().get(name);
      if (vertex == null) {
        throw new IllegalArgumentException(
            "Cannot train '" + name + "': the network has no such vertex");
      }
      ParameterGroups.train(name, vertex, this);
    }
    return network;
  }
}
