package io.dropblock.spark.train;

import io.dropblock.loss.SmoothedCrossEntropy;
import io.dropblock.nn.NetworkState;
import io.dropblock.optimizer.MomentumSettings;
import io.dropblock.optimizer.StateArrays;
import io.dropblock.spark.train.step.TrainingPlan;
import java.util.Locale;
import java.util.Optional;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/**
 * Checkpoints that older versions wrote. Their loss, DL4J's {@code LossMCXENT}, wants one-hot
 * labels; ours of class numbers has the same gradient. Their updater is DL4J's {@code Nesterovs},
 * whose velocity holds the learning rate: {@code v = momentum * v - rate * g}. Ours is that divided
 * by {@code -rate}: exactly so, but for rounding, where the rate was constant for as long as the
 * velocity remembers. Behind a step whose rate was 0 it begins at 0.
 */
final class OldNetwork {
  private OldNetwork() {}

  /** What to tell people before {@link #replaced} changes something. */
  static Optional<String> note(Epochs.Start start, TrainingPlan plan) {
    if (!isIn(start.network())) {
      return Optional.empty();
    }
    return Optional.of(
        String.format(
            Locale.ROOT,
            "The checkpoint is of an older version, whose momentum holds the learning rate; it is"
                + " divided by that of the last step, %s, which is exact where the rate was constant"
                + " in the 50 steps before",
            lastRate(start, plan)));
  }

  /** The network with velocity, updater and loss of today; itself if it has them. */
  static NetworkState replaced(Epochs.Start start, TrainingPlan plan) {
    if (!isIn(start.network())) {
      return start.network();
    }
    ComputationGraph old = start.network().restore();
    INDArray velocity = old.getUpdater().getStateViewArray();
    double rate = lastRate(start, plan);
    if (rate == 0) {
      velocity.assign(0);
    } else {
      velocity.divi(-rate);
    }
    ComputationGraphConfiguration configuration =
        ComputationGraphConfiguration.fromJson(start.network().configuration());
    configuration
        .getVertices()
        .values()
        .forEach(
            vertex -> {
              if (vertex instanceof LayerVertex holder
                  && holder.getLayerConf().getLayer() instanceof BaseLayer layer) {
                layer.setIUpdater(replaced(layer.getIUpdater()));
                layer.setBiasUpdater(replaced(layer.getBiasUpdater()));
                if (layer instanceof BaseOutputLayer output
                    && output.getLossFn() instanceof LossMCXENT) {
                  output.setLossFn(new SmoothedCrossEntropy(0));
                }
              }
            });
    ComputationGraph network = new ComputationGraph(configuration);
    network.init(old.params(), false);
    network.getUpdater().setStateViewArray(velocity);
    return NetworkState.of(network);
  }

  private static IUpdater replaced(IUpdater updater) {
    return updater instanceof Nesterovs old
        ? new MomentumSettings(old.getMomentum(), true)
        : updater;
  }

  private static boolean isIn(NetworkState network) {
    return network.arrays().containsKey(StateArrays.OF_DL4J);
  }

  private static double lastRate(Epochs.Start start, TrainingPlan plan) {
    long steps = start.step(plan.stepsPerEpoch());
    return steps == 0 ? 0 : plan.learningRateAt(steps - 1);
  }
}
