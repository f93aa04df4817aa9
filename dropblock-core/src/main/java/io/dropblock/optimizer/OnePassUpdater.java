package io.dropblock.optimizer;

import io.dropblock.cpu.MomentumLoops;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.api.Trainable;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.deeplearning4j.nn.updater.UpdaterBlock.ParamState;
import org.deeplearning4j.nn.updater.graph.ComputationGraphUpdater;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.schedule.FixedSchedule;

/**
 * The updater of a graph that an {@link Optimizer} was applied to. It holds the learning rate, for
 * all parameters, and updates in one pass over gradient, velocity and parameters where they are
 * floats in main memory. DL4J divides by the batch, decays and updates in passes of their own, and
 * layer by layer; so it does here in all other cases.
 *
 * <p>DL4J forgets the regularisation of vertices that are no layers in a graph's score; it is added
 * here, when a step is taken.
 *
 * <p>{@code ComputationGraph.setLearningRate} puts DL4J's updater in its place, which trains as
 * well and slower. A copy of the graph has DL4J's updater and no learning rate.
 */
public final class OnePassUpdater extends ComputationGraphUpdater {
  private static final long serialVersionUID = 1L;
  private static final Optional<Double> NO_DECAY = Optional.of(0.0);

  /** Of the blocks that are trained, and theirs alone. */
  private final List<MomentumSettings> settings;

  /** Null where it is DL4J's updater, and behind Java's serialisation. */
  private final transient MomentumLoops loops;

  private boolean onePass;

  private OnePassUpdater(ComputationGraph network) {
    super(network, network.getUpdater().getStateViewArray());
    settings = settings(this);
    loops = ranges().map(MomentumLoops::new).orElse(null);
  }

  /**
   * Gives a graph this updater, if it has not got it; the state stays what it is. The learning rate
   * is that of the configuration until it is set.
   *
   * @return the updater of the graph
   * @throws IllegalArgumentException if a parameter is trained by something else
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
        .map(block -> block.getGradientUpdater().getConfig().getClass())
        .filter(
            type ->
                type != MomentumSettings.class
                    && type != FrozenSettings.class
                    && type != NoOp.class)
        .map(Class::getSimpleName)
        .distinct()
        .toList();
  }

  private static List<MomentumSettings> settings(ComputationGraphUpdater updater) {
    List<MomentumSettings> found = new ArrayList<>();
    for (UpdaterBlock block : updater.getUpdaterBlocks()) {
      if (block.getGradientUpdater().getConfig() instanceof MomentumSettings ofBlock) {
        found.add(ofBlock);
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
    if (!onePass) {
      super.update(gradient, iteration, epoch, batchSize, workspaces);
      return;
    }
    MomentumSettings all = settings.get(0);
    loops.update(
        getFlattenedGradientsView(),
        updaterStateViewArray,
        getParams(),
        new MomentumLoops.Step(
            1.0 / batchSize,
            all.getLearningRate(iteration, epoch),
            all.momentum(),
            all.nesterov()));
    for (UpdaterBlock block : getUpdaterBlocks()) {
      if (isFrozen(block)) {
        block.getLayersAndVariablesInBlock().forEach(frozen -> frozen.getGradView().assign(0));
      }
    }
  }

  /** Whether its parameters stay as they are, whatever their gradients. */
  private static boolean isFrozen(UpdaterBlock block) {
    return block.getGradientUpdater().getConfig() instanceof FrozenSettings;
  }

  /** Of what DL4J's score does not know. */
  private double penaltyOfVertices(int iteration, int epoch) {
    double sum = 0;
    for (UpdaterBlock block : getUpdaterBlocks()) {
      for (ParamState parameter : block.getLayersAndVariablesInBlock()) {
        if (parameter.getLayer() instanceof GraphVertex vertex && !vertex.hasLayer()) {
          for (Regularization one : regularization(parameter)) {
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

  /** Whether all parameters have the same rate and momentum now. */
  private boolean isUniform(int iteration, int epoch) {
    MomentumSettings first = settings.get(0);
    double rate = first.getLearningRate(iteration, epoch);
    return settings.stream()
        .allMatch(
            one ->
                one.getLearningRate(iteration, epoch) == rate
                    && one.momentum() == first.momentum()
                    && one.nesterov() == first.nesterov());
  }

  /** What the loops are to update; empty where they cannot do all that DL4J would. */
  private Optional<List<MomentumLoops.Range>> ranges() {
    if (!network.conf().isMiniBatch()
        || !MomentumLoops.take(
            getFlattenedGradientsView(), updaterStateViewArray, network.params())) {
      return Optional.empty();
    }
    List<MomentumLoops.Range> ranges = new ArrayList<>();
    for (UpdaterBlock block : getUpdaterBlocks()) {
      IUpdater configuration = block.getGradientUpdater().getConfig();
      for (ParamState parameter : block.getLayersAndVariablesInBlock()) {
        boolean divided = parameter.getLayer().updaterDivideByMinibatch(parameter.getParamName());
        Optional<Double> decay = decay(parameter);
        boolean isAsItIs = configuration instanceof NoOp && !divided && decay.equals(NO_DECAY);
        if (configuration instanceof MomentumSettings && divided && decay.isPresent()) {
          long inBlock = parameter.getParamOffsetStart() - block.getParamOffsetStart();
          ranges.add(
              new MomentumLoops.Range(
                  parameter.getParamOffsetStart(),
                  parameter.getParamOffsetEnd() - parameter.getParamOffsetStart(),
                  block.getUpdaterViewOffsetStart() + inBlock,
                  decay.get()));
        } else if (!isFrozen(block) && !isAsItIs) {
          return Optional.empty();
        }
      }
    }
    return Optional.of(ranges);
  }

  /** The L2 coefficient of a parameter; empty where its gradient goes through something else. */
  private static Optional<Double> decay(ParamState parameter) {
    Trainable layer = parameter.getLayer();
    GradientNormalization normalization = layer.getConfig().getGradientNormalization();
    if (normalization != null && normalization != GradientNormalization.None) {
      return Optional.empty();
    }
    double sum = 0;
    for (Regularization one : regularization(parameter)) {
      if (!(one instanceof L2Regularization l2 && l2.getL2() instanceof FixedSchedule)) {
        return Optional.empty();
      }
      sum += ((L2Regularization) one).getL2().valueAt(0, 0);
    }
    return Optional.of(sum);
  }

  private static List<Regularization> regularization(ParamState parameter) {
    List<Regularization> all =
        parameter.getLayer().getConfig().getRegularizationByParam(parameter.getParamName());
    return all == null ? List.of() : all;
  }
}
