package io.dropblock.optimizer.settings;

import io.dropblock.cpu.UpdateRule;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * An optimiser as DL4J's configurations hold it, without the decay, which is DL4J's regularisation.
 * It trains any network that has it, by {@link #step}: its definition. The learning rate is 0 until
 * it is set.
 */
public abstract class OptimizerSettings implements IUpdater {
  private static final long serialVersionUID = 1L;

  @JsonProperty private double learningRate;
  @JsonProperty private ISchedule learningRateSchedule;
  @JsonProperty private double clipNorm;

  /**
   * The names of the arrays that it keeps from step to step, each with an element a parameter, and
   * the value with which all elements begin; in their order in memory. A checkpoint has files of
   * these names: small letters and underscores.
   */
  public abstract Map<String, Double> states();

  /**
   * One step by ND4J's ops, for any type of numbers and on any processor.
   *
   * @param gradient with its coupled decay; then what is to be subtracted from the parameters
   * @param states what is kept, by name, each in the gradient's shape
   * @param rate the learning rate
   * @param iteration the steps before this one
   */
  protected abstract void step(
      INDArray gradient, Map<String, INDArray> states, double rate, int iteration);

  /**
   * The same for the loops.
   *
   * @param rate the learning rate
   * @param iteration the steps before this one
   */
  protected abstract UpdateRule rule(double rate, int iteration);

  /** The hyper-parameters by their names, without rate and clipping. */
  protected abstract Map<String, Object> values();

  /** The same hyper-parameters, with a rate of 0 and no clipping. */
  protected abstract OptimizerSettings fresh();

  /** What the loops do in a step. */
  public final UpdateRule ruleAt(int iteration, int epoch) {
    return rule(getLearningRate(iteration, epoch), iteration);
  }

  /** The largest length of the whole network's gradient, as one vector; 0 for any. */
  public final double clipNorm() {
    return clipNorm;
  }

  /**
   * The same with another {@link #clipNorm}.
   *
   * @throws IllegalArgumentException if it is below 0 or not finite
   */
  public final OptimizerSettings clippedBy(double norm) {
    if (!(norm >= 0 && norm < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "Invalid clipping: a norm of " + norm + " is not a finite number of at least 0");
    }
    OptimizerSettings copy = clone();
    copy.clipNorm = norm;
    return copy;
  }

  @Override
  public final long stateSize(long parameters) {
    return parameters * states().size();
  }

  /** The updater gets settings of its own: DL4J's layers share theirs with their copies. */
  @Override
  public final OptimizerUpdater instantiate(INDArray state, boolean initialize) {
    OptimizerUpdater updater = new OptimizerUpdater(clone());
    updater.setStateViewArray(state, state.shape(), state.ordering(), initialize);
    return updater;
  }

  @Override
  public final OptimizerUpdater instantiate(Map<String, INDArray> states, boolean initialize) {
    OptimizerUpdater updater = new OptimizerUpdater(clone());
    updater.setState(states, initialize);
    return updater;
  }

  @Override
  public final double getLearningRate(int iteration, int epoch) {
    return learningRateSchedule == null
        ? learningRate
        : learningRateSchedule.valueAt(iteration, epoch);
  }

  @Override
  public final boolean hasLearningRate() {
    return true;
  }

  /**
   * @param schedule goes before the rate; may be null
   */
  @Override
  public final void setLrAndSchedule(double rate, ISchedule schedule) {
    learningRate = rate;
    learningRateSchedule = schedule;
  }

  @Override
  public final OptimizerSettings clone() {
    OptimizerSettings copy = fresh();
    copy.setLrAndSchedule(
        learningRate, learningRateSchedule == null ? null : learningRateSchedule.clone());
    copy.clipNorm = clipNorm;
    return copy;
  }

  @Override
  public final boolean equals(Object other) {
    return other instanceof OptimizerSettings settings
        && getClass() == settings.getClass()
        && values().equals(settings.values())
        && learningRate == settings.learningRate
        && Objects.equals(learningRateSchedule, settings.learningRateSchedule)
        && clipNorm == settings.clipNorm;
  }

  @Override
  public final int hashCode() {
    return Objects.hash(values(), learningRate, learningRateSchedule, clipNorm);
  }

  @Override
  public final String toString() {
    Map<String, Object> all = new LinkedHashMap<>(values());
    all.put("learningRate", learningRateSchedule == null ? learningRate : learningRateSchedule);
    if (clipNorm > 0) {
      all.put("clipNorm", clipNorm);
    }
    String text = all.toString();
    return getClass().getSimpleName() + "(" + text.substring(1, text.length() - 1) + ")";
  }
}
