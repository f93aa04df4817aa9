package io.dropblock.spark.train;

import io.dropblock.nn.OnePassUpdater;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * The learning rate of one graph, set before each step. DL4J's {@code setLearningRate} rebuilds the
 * updater and copies its state at every call; the updater reads the rate from its configuration at
 * every step, so setting it there is enough.
 */
final class LearningRate {
  private final List<IUpdater> updaters = new ArrayList<>();

  /**
   * Gives the graph updater configurations of its own. DL4J's {@code BaseLayer.clone()} shares
   * them, so that two ranks in one JVM would set each other's rate. All of them are set, though the
   * updater reads one of each block: DL4J makes blocks of equal ones whenever it makes an updater,
   * and the state lies in memory block by block.
   */
  LearningRate(ComputationGraph network) {
    for (Layer layer : network.getLayers()) {
      if (layer.conf().getLayer() instanceof BaseLayer configuration) {
        configuration.setIUpdater(own(configuration.getIUpdater()));
        configuration.setBiasUpdater(own(configuration.getBiasUpdater()));
      }
    }
    OnePassUpdater.attach(network);
  }

  private IUpdater own(IUpdater updater) {
    if (updater == null) {
      return null;
    }
    IUpdater copy = updater.clone();
    updaters.add(copy);
    return copy;
  }

  /** Sets the rate of the next step. */
  void set(double rate) {
    for (IUpdater updater : updaters) {
      if (updater.hasLearningRate()) {
        updater.setLrAndSchedule(rate, null);
      }
    }
  }
}
