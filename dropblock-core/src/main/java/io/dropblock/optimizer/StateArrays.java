package io.dropblock.optimizer;

import io.dropblock.optimizer.settings.OptimizerSettings;
import io.dropblock.optimizer.settings.OptimizerUpdater;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What a graph's updater keeps from step to step, by name. An array has an element for each
 * parameter that is trained, in the order of the parameters; DL4J holds it in parts, as it puts all
 * arrays of neighbouring parameters beside each other.
 */
public final class StateArrays {
  /** All that an updater of DL4J's keeps, in its own order. */
  public static final String OF_DL4J = "updater";

  private StateArrays() {}

  /**
   * The parts of each array, in order: what is written there is the updater's.
   *
   * @return those that {@link OptimizerSettings#states} name; of an updater of DL4J's, one of all
   *     that it keeps, or none
   */
  public static Map<String, List<INDArray>> of(ComputationGraph network) {
    INDArray all = network.getUpdater().getStateViewArray();
    if (all == null) {
      return Map.of();
    }
    if (!OnePassUpdater.isFor(network)) {
      return Map.of(OF_DL4J, List.of(all));
    }
    Map<String, List<INDArray>> parts = new LinkedHashMap<>();
    for (UpdaterBlock block : network.getUpdater().getUpdaterBlocks()) {
      if (block.getGradientUpdater() instanceof OptimizerUpdater updater) {
        updater
            .getState()
            .forEach(
                (name, part) -> parts.computeIfAbsent(name, any -> new ArrayList<>()).add(part));
      }
    }
    // one that is alone lies there as a whole
    return parts.size() == 1 ? Map.of(parts.keySet().iterator().next(), List.of(all)) : parts;
  }
}
