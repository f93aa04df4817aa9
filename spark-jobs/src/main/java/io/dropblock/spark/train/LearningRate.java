package io.dropblock.spark.train;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * Sets a graph's learning rate for the next step. DL4J's {@code setLearningRate} rebuilds the
 * updater and copies its state each time; the updater reads the rate from its configuration at
 * every step, so setting it there is enough.
 */
final class LearningRate {
  private LearningRate() {}

  static void set(ComputationGraph network, double rate) {
    for (UpdaterBlock block : network.getUpdater().getUpdaterBlocks()) {
      IUpdater updater = block.getGradientUpdater().getConfig();
      if (updater.hasLearningRate()) {
        updater.setLrAndSchedule(rate, null);
      }
    }
  }
}
