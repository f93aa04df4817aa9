package io.dropblock.nn;

import io.dropblock.cpu.MomentumLoops;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.api.Trainable;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.deeplearning4j.nn.updater.UpdaterBlock.ParamState;
import org.deeplearning4j.nn.updater.graph.ComputationGraphUpdater;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.schedule.FixedSchedule;

/**
 * DL4J's updater, in one pass over gradient, velocity and parameters where all of a graph is
 * trained with Nesterov's momentum, with or without L2: DL4J divides by the batch, decays and
 * updates in passes of their own, and layer by layer. In all other cases it is DL4J's, which is
 * asked anew in each step.
 */
public final class OnePassUpdater extends ComputationGraphUpdater {
  private static final long serialVersionUID = 1L;
  private static final Optional<Double> NO_DECAY = Optional.of(0.0);

  /** Null where it is DL4J's updater, and behind Java's serialisation. */
  private final transient MomentumLoops loops;

  private boolean onePass;
  private final List<Nesterovs> configurations = new ArrayList<>();

  private OnePassUpdater(ComputationGraph network) {
    super(network, network.getUpdater().getStateViewArray());
    loops = ranges().map(MomentumLoops::new).orElse(null);
  }

  /** Gives a graph this updater; the state stays what it is. */
  public static void attach(ComputationGraph network) {
    network.setUpdater(new OnePassUpdater(network));
  }

  /** Whether the last step was updated in one pass. */
  boolean wasOnePass() {
    return onePass;
  }

  @Override
  public void update(
      Gradient gradient, int iteration, int epoch, int batchSize, LayerWorkspaceMgr workspaces) {
    onePass = loops != null && isOwn(gradient.gradient()) && isUniform(iteration, epoch);
    if (!onePass) {
      super.update(gradient, iteration, epoch, batchSize, workspaces);
      return;
    }
    Nesterovs configuration = configurations.get(0);
    loops.update(
        getFlattenedGradientsView(),
        updaterStateViewArray,
        getParams(),
        1.0 / batchSize,
        configuration.getLearningRate(iteration, epoch),
        configuration.currentMomentum(iteration, epoch));
  }

  /** DL4J compares objects, and mistakes a network's own gradient, reshaped, for another's. */
  private boolean isOwn(INDArray gradient) {
    INDArray own = getFlattenedGradientsView();
    return gradient.length() == own.length() && gradient.data().address() == own.data().address();
  }

  /** Whether all parameters have the same rate and momentum now. */
  private boolean isUniform(int iteration, int epoch) {
    Nesterovs first = configurations.get(0);
    double rate = first.getLearningRate(iteration, epoch);
    double momentum = first.currentMomentum(iteration, epoch);
    return configurations.stream()
        .allMatch(
            one ->
                one.getLearningRate(iteration, epoch) == rate
                    && one.currentMomentum(iteration, epoch) == momentum);
  }

  /** What the loops are to update; empty where they cannot do all that DL4J would. */
  private Optional<List<MomentumLoops.Range>> ranges() {
    if (!network.conf().isMiniBatch()
        || updaterStateViewArray == null
        || !MomentumLoops.take(
            getFlattenedGradientsView(), updaterStateViewArray, network.params())) {
      return Optional.empty();
    }
    List<MomentumLoops.Range> ranges = new ArrayList<>();
    for (UpdaterBlock block : getUpdaterBlocks()) {
      IUpdater configuration = block.getGradientUpdater().getConfig();
      if (configuration.getClass() == Nesterovs.class) {
        configurations.add((Nesterovs) configuration);
      }
      for (ParamState parameter : block.getLayersAndVariablesInBlock()) {
        boolean divided = parameter.getLayer().updaterDivideByMinibatch(parameter.getParamName());
        Optional<Double> decay = decay(parameter);
        if (configuration.getClass() == Nesterovs.class && divided && decay.isPresent()) {
          long inBlock = parameter.getParamOffsetStart() - block.getParamOffsetStart();
          ranges.add(
              new MomentumLoops.Range(
                  parameter.getParamOffsetStart(),
                  parameter.getParamOffsetEnd() - parameter.getParamOffsetStart(),
                  block.getUpdaterViewOffsetStart() + inBlock,
                  decay.get()));
        } else if (!(configuration instanceof NoOp) || divided || !decay.equals(NO_DECAY)) {
          return Optional.empty();
        }
      }
    }
    return ranges.isEmpty() ? Optional.empty() : Optional.of(ranges);
  }

  /** The L2 coefficient of a parameter; empty where its gradient goes through something else. */
  private static Optional<Double> decay(ParamState parameter) {
    Trainable layer = parameter.getLayer();
    GradientNormalization normalization = layer.getConfig().getGradientNormalization();
    if (normalization != null && normalization != GradientNormalization.None) {
      return Optional.empty();
    }
    List<Regularization> all = layer.getConfig().getRegularizationByParam(parameter.getParamName());
    double sum = 0;
    for (Regularization one : all == null ? List.<Regularization>of() : all) {
      if (!(one instanceof L2Regularization l2 && l2.getL2() instanceof FixedSchedule)) {
        return Optional.empty();
      }
      sum += ((L2Regularization) one).getL2().valueAt(0, 0);
    }
    return Optional.of(sum);
  }
}
