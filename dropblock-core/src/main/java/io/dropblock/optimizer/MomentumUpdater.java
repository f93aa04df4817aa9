package io.dropblock.optimizer;

import java.util.Map;
import java.util.Set;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.GradientUpdater;

/** {@link Momentum} by ND4J's ops, for any type of numbers and on any processor: its definition. */
public final class MomentumUpdater implements GradientUpdater<MomentumSettings> {
  private final MomentumSettings settings;
  private INDArray velocity;

  MomentumUpdater(MomentumSettings settings) {
    this.settings = settings;
  }

  /** This updater's own. */
  @Override
  public MomentumSettings getConfig() {
    return settings;
  }

  @Override
  public void setState(Map<String, INDArray> state, boolean initialize) {
    if (!state.keySet().equals(Set.of(Momentum.VELOCITY))) {
      throw new IllegalArgumentException(
          "Cannot set the state of momentum: it is a velocity, and not " + state.keySet());
    }
    INDArray array = state.get(Momentum.VELOCITY);
    setStateViewArray(array, array.shape(), array.ordering(), initialize);
  }

  @Override
  public Map<String, INDArray> getState() {
    return Map.of(Momentum.VELOCITY, velocity);
  }

  @Override
  public void setStateViewArray(INDArray view, long[] shape, char order, boolean initialize) {
    if (initialize) {
      view.assign(0);
    }
    velocity = view.reshape(order, shape);
  }

  /**
   * One step.
   *
   * @param gradient with its weight decay; then what is to be subtracted from the parameters
   */
  @Override
  public void applyUpdater(INDArray gradient, int iteration, int epoch) {
    velocity.muli(settings.momentum()).addi(gradient);
    if (settings.nesterov()) {
      gradient.addi(velocity.mul(settings.momentum()));
    } else {
      gradient.assign(velocity);
    }
    gradient.muli(settings.getLearningRate(iteration, epoch));
  }
}
