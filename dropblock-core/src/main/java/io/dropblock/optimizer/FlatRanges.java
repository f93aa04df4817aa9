package io.dropblock.optimizer;

import io.dropblock.cpu.UpdateLoops;
import io.dropblock.optimizer.settings.DecoupledDecay;
import io.dropblock.optimizer.settings.OptimizerSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.api.Trainable;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.deeplearning4j.nn.updater.UpdaterBlock.ParamState;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.schedule.FixedSchedule;

/** Where a network's parameters and their state lie in the flat arrays, for the loops. */
final class FlatRanges {
  private FlatRanges() {}

  /** What the loops are to update; empty where they cannot do all that DL4J would. */
  static Optional<List<UpdateLoops.Range>> of(List<UpdaterBlock> blocks) {
    List<UpdateLoops.Range> ranges = new ArrayList<>();
    for (UpdaterBlock block : blocks) {
      IUpdater configuration = block.getGradientUpdater().getConfig();
      for (ParamState parameter : block.getLayersAndVariablesInBlock()) {
        boolean divided = parameter.getLayer().updaterDivideByMinibatch(parameter.getParamName());
        Optional<Decay> decay = decay(parameter);
        boolean isAsItIs = configuration instanceof NoOp && !divided && decay.equals(Decay.NONE);
        if (configuration instanceof OptimizerSettings && divided && decay.isPresent()) {
          ranges.add(range(block, parameter, decay.get()));
        } else if (!isFrozen(block) && !isAsItIs) {
          return Optional.empty();
        }
      }
    }
    return Optional.of(ranges);
  }

  private static UpdateLoops.Range range(UpdaterBlock block, ParamState parameter, Decay decay) {
    return new UpdateLoops.Range(
        parameter.getParamOffsetStart(),
        parameter.getParamOffsetEnd() - parameter.getParamOffsetStart(),
        block.getUpdaterViewOffsetStart()
            + parameter.getParamOffsetStart()
            - block.getParamOffsetStart(),
        block.getParamOffsetEnd() - block.getParamOffsetStart(),
        decay.coupled,
        decay.decoupled);
  }

  /** Whether its parameters stay as they are, whatever their gradients. */
  static boolean isFrozen(UpdaterBlock block) {
    return block.getGradientUpdater().getConfig() instanceof FrozenSettings;
  }

  /**
   * Coefficients of the decay.
   *
   * @param coupled of the part in the gradient
   * @param decoupled of the one beside
   */
  private record Decay(double coupled, double decoupled) {
    static final Optional<Decay> NONE = Optional.of(new Decay(0, 0));
  }

  /** Of a parameter; empty where its gradient goes through something else. */
  private static Optional<Decay> decay(ParamState parameter) {
    if (isNormalized(parameter.getLayer())) {
      return Optional.empty();
    }
    double coupled = 0;
    double decoupled = 0;
    for (Regularization one : regularization(parameter)) {
      if (one instanceof DecoupledDecay decay) {
        decoupled += decay.rate();
      } else if (one instanceof L2Regularization l2 && l2.getL2() instanceof FixedSchedule) {
        coupled += l2.getL2().valueAt(0, 0);
      } else {
        return Optional.empty();
      }
    }
    return Optional.of(new Decay(coupled, decoupled));
  }

  /** Whether DL4J clips or scales its gradient. */
  static boolean isNormalized(Trainable layer) {
    GradientNormalization normalization = layer.getConfig().getGradientNormalization();
    return normalization != null && normalization != GradientNormalization.None;
  }

  /** Maybe none. */
  static List<Regularization> regularization(ParamState parameter) {
    List<Regularization> all =
        parameter.getLayer().getConfig().getRegularizationByParam(parameter.getParamName());
    return all == null ? List.of() : all;
  }
}
