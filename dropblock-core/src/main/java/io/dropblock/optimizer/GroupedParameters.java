package io.dropblock.optimizer;

import java.util.Map;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * The configuration of a layer or vertex of ours that says itself what its parameters are for, and
 * takes a decay for each group.
 */
public interface GroupedParameters {

  /** The group of each parameter, by its name, in the order in which they lie in memory. */
  Map<String, ParameterGroup> parameterGroups();

  /** From now on its parameters are trained so; moving statistics stay as they are. */
  void train(IUpdater updater, WeightDecay decay);
}
