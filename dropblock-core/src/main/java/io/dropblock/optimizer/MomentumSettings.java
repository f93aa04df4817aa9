package io.dropblock.optimizer;

import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * {@link Momentum} as DL4J's configurations hold it, without the decay, which is DL4J's L2. It
 * trains any network that has it, as {@link MomentumUpdater} defines.
 */
public final class MomentumSettings implements IUpdater {
  private static final long serialVersionUID = 1L;

  @JsonProperty private final double momentum;
  @JsonProperty private final boolean nesterov;
  @JsonProperty private double learningRate;
  @JsonProperty private ISchedule learningRateSchedule;

  /** With a learning rate of 0, until it is set. */
  public MomentumSettings(
      @JsonProperty("momentum") double momentum, @JsonProperty("nesterov") boolean nesterov) {
    Momentum.requireInRange(momentum);
    this.momentum = momentum;
    this.nesterov = nesterov;
  }

  /** Share of the velocity that each step keeps. */
  public double momentum() {
    return momentum;
  }

  /** Whether a step looks ahead. */
  public boolean nesterov() {
    return nesterov;
  }

  @Override
  public long stateSize(long parameters) {
    return parameters;
  }

  /** The updater gets settings of its own: DL4J's layers share theirs with their copies. */
  @Override
  public MomentumUpdater instantiate(INDArray velocity, boolean initialize) {
    MomentumUpdater updater = new MomentumUpdater(clone());
    updater.setStateViewArray(velocity, velocity.shape(), velocity.ordering(), initialize);
    return updater;
  }

  @Override
  public MomentumUpdater instantiate(Map<String, INDArray> state, boolean initialize) {
    MomentumUpdater updater = new MomentumUpdater(clone());
    updater.setState(state, initialize);
    return updater;
  }

  @Override
  public double getLearningRate(int iteration, int epoch) {
    return learningRateSchedule == null
        ? learningRate
        : learningRateSchedule.valueAt(iteration, epoch);
  }

  @Override
  public boolean hasLearningRate() {
    return true;
  }

  /**
   * @param schedule goes before the rate; may be null
   */
  @Override
  public void setLrAndSchedule(double rate, ISchedule schedule) {
    learningRate = rate;
    learningRateSchedule = schedule;
  }

  @Override
  public MomentumSettings clone() {
    MomentumSettings copy = new MomentumSettings(momentum, nesterov);
    copy.setLrAndSchedule(
        learningRate, learningRateSchedule == null ? null : learningRateSchedule.clone());
    return copy;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MomentumSettings settings
        && momentum == settings.momentum
        && nesterov == settings.nesterov
        && learningRate == settings.learningRate
        && Objects.equals(learningRateSchedule, settings.learningRateSchedule);
  }

  @Override
  public int hashCode() {
    return Objects.hash(momentum, nesterov, learningRate, learningRateSchedule);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "MomentumSettings(momentum=%s, nesterov=%s, learningRate=%s)",
        momentum,
        nesterov,
        learningRateSchedule == null ? learningRate : learningRateSchedule);
  }
}
