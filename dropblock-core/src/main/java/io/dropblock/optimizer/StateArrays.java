package io.dropblock.optimizer;

import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What a graph's updater keeps from step to step, by name. */
public final class StateArrays {
  /** All that an updater of DL4J's keeps, in its own order. */
  public static final String OF_DL4J = "updater";

  private StateArrays() {}

  /**
   * The arrays themselves: what is written there is the updater's.
   *
   * @return those that the {@link Optimizer} names; of an updater of DL4J's, one of all that it
   *     keeps, or none
   */
  public static Map<String, INDArray> of(ComputationGraph network) {
    INDArray all = network.getUpdater().getStateViewArray();
    if (all == null) {
      return Map.of();
    }
    return Map.of(OnePassUpdater.isFor(network) ? Momentum.VELOCITY : OF_DL4J, all);
  }
}
