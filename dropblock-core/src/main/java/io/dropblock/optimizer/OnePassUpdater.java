package io.dropblock.optimizer;

import io.dropblock.cpu.UpdateLoops;
import io.dropblock.cpu.UpdateRule;
import io.dropblock.optimizer.settings.OptimizerSettings;
import io.dropblock.optimizer.settings.OptimizerUpdater;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.deeplearning4j.nn.updater.UpdaterBlock.ParamState;
import org.deeplearning4j.nn.updater.graph.ComputationGraphUpdater;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.regularization.Regularization;

/**
 * The updater of a graph that an {@link Optimizer} was applied to. It holds the learning rate, for
 * all parameters, clips the gradient where the optimiser is {@link Clipped}, and updates in one
 * pass over gradient, state and parameters where they are floats in main memory. DL4J divides by
 * the batch, decays and updates in passes of their own, and layer by layer; so it does here in all
 * other cases.
 *
 * <p>DL4J forgets the regularisation of vertices that are no layers in a graph's score; it is added
 * here, when a step is taken.
 *
 * <p>{@code ComputationGraph.setLearningRate} puts DL4J's updater in its place, which trains as
 * well and slower, and refuses to clip. A copy of the graph has DL4J's updater and no learning
 * rate.
 */
public final class OnePassUpdater extends ComputationGraphUpdater {
  private static final long serialVersionUID = 1L;

  /** Of the blocks that are trained, and theirs alone. */
  private final List<OptimizerSettings> settings;

  private final GlobalNorm clipping;

  /** Null where it is DL4J's updater, and behind Java's serialisation. */
  private final transient UpdateLoops loops;

  private boolean onePass;

  private OnePassUpdater(ComputationGraph network) {
    super(network, network.getUpdater().getStateViewArray());
    settings = settings(this);
    clipping = GlobalNorm.of(getUpdaterBlocks());
    for (UpdaterBlock block : getUpdaterBlocks()) {
      if (block.getGradientUpdater() instanceof OptimizerUpdater updater) {
        updater.clippedBefore();
      }
    }
    loops = loops(network);
  }

  private UpdateLoops loops(ComputationGraph network) {
    boolean taken =
        network.conf().isMiniBatch()
            && UpdateLoops.take(
                getFlattenedGradientsView(), updaterStateViewArray, network.params());
    return taken ? FlatRanges.of(getUpdaterBlocks()).map(UpdateLoops::new).orElse(null) : null;
  }

  /**
   * Gives a graph this updater, if it has not got it; the state stays what it is. The learning rate
   * is that of the configuration until it is set.
   *
   * @return the updater of the graph
   * @throws IllegalArgumentException if a parameter is trained by something else, or the gradient
   *     is to be clipped to two lengths
   */
  public static OnePassUpdater attach(ComputationGraph network) {
    if (network.getUpdater() instanceof OnePassUpdater attached) {
      return attached;
    }
    if (!isFor(network)) {
      throw new IllegalArgumentException(
          "Cannot update this network in one pass: it is trained by "
              + others(network)
              + "; apply an optimizer of io.dropblock.optimizer to its configuration");
    }
    OnePassUpdater updater = new OnePassUpdater(network);
    network.setUpdater(updater);
    return updater;
  }

  /** Whether all that is trained in a graph is trained by an optimiser of this package. */
  public static boolean isFor(ComputationGraph network) {
    return others(network).isEmpty() && !settings(network.getUpdater()).isEmpty();
  }

  private static List<String> others(ComputationGraph network) {
    return network.getUpdater().getUpdaterBlocks().stream()
        .map(block -> block.getGradientUpdater().getConfig())
        .filter(
            one ->
                !(one instanceof OptimizerSettings
                    || one instanceof FrozenSettings
                    || one instanceof NoOp))
        .map(one -> one.getClass().getSimpleName())
        .distinct()
        .toList();
  }

  private static List<OptimizerSettings> settings(ComputationGraphUpdater updater) {
    List<OptimizerSettings> found = new ArrayList<>();
    for (UpdaterBlock block : updater.getUpdaterBlocks()) {
      if (block.getGradientUpdater() instanceof OptimizerUpdater ofBlock) {
        found.add(ofBlock.getConfig());
      }
    }
    return found;
  }

  /** Sets the rate of the steps from now on, for all parameters. */
  public void setLearningRate(double rate) {
    settings.forEach(ofBlock -> ofBlock.setLrAndSchedule(rate, null));
  }

  /** Whether the last step was updated in one pass. */
  boolean wasOnePass() {
    return onePass;
  }

  @Override
  public void update(
      Gradient gradient, int iteration, int epoch, int batchSize, LayerWorkspaceMgr workspaces) {
    double penalty = penaltyOfVertices(iteration, epoch);
    if (penalty > 0) {
      network.setScore(network.score() + penalty);
    }
    onePass = loops != null && isOwn(gradient.gradient()) && isUniform(iteration, epoch);
    if (onePass) {
      updateInOnePass(settings.get(0).ruleAt(iteration, epoch), batchSize);
      return;
    }
    if (clipping.isOn()) {
      clipping.clip(gradient.gradient(), getUpdaterBlocks(), isMiniBatch() ? batchSize : 1);
    }
    super.update(gradient, iteration, epoch, batchSize, workspaces);
  }

  private void updateInOnePass(UpdateRule rule, int batchSize) {
    INDArray sums = getFlattenedGradientsView();
    double scale = 1.0 / batchSize;
    double factor = clipping.isOn() ? clipping.factor(scale * loops.norm(sums)) : 1;
    loops.update(sums, updaterStateViewArray, getParams(), factor * scale, rule);
    for (UpdaterBlock block : getUpdaterBlocks()) {
      if (FlatRanges.isFrozen(block)) {
        block.getLayersAndVariablesInBlock().forEach(frozen -> frozen.getGradView().assign(0));
      }
    }
  }

  /** Of what DL4J's score does not know. */
  private double penaltyOfVertices(int iteration, int epoch) {
    double sum = 0;
    for (UpdaterBlock block : getUpdaterBlocks()) {
      for (ParamState parameter : block.getLayersAndVariablesInBlock()) {
        if (parameter.getLayer() instanceof GraphVertex vertex && !vertex.hasLayer()) {
          for (Regularization one : FlatRanges.regularization(parameter)) {
            sum += one.score(parameter.getParamView(), iteration, epoch);
          }
        }
      }
    }
    return sum;
  }

  /** DL4J compares objects, and mistakes a network's own gradient, reshaped, for another's. */
  private boolean isOwn(INDArray gradient) {
    INDArray own = getFlattenedGradientsView();
    return gradient.length() == own.length() && gradient.data().address() == own.data().address();
  }

  /** Whether all parameters are to be moved by the same rule now. */
  private boolean isUniform(int iteration, int epoch) {
    UpdateRule first = settings.get(0).ruleAt(iteration, epoch);
    return settings.stream().allMatch(one -> one.ruleAt(iteration, epoch).equals(first));
  }
}
