package io.dropblock.optimizer;

import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * {@link Frozen} as DL4J's configurations hold it. Not DL4J's {@code NoOp}, which subtracts the
 * gradient itself.
 */
public final class FrozenSettings implements IUpdater {
  private static final long serialVersionUID = 1L;

  @Override
  public long stateSize(long parameters) {
    return 0;
  }

  @Override
  public GradientUpdater<FrozenSettings> instantiate(INDArray none, boolean initialize) {
    return new Zeros(this);
  }

  @Override
  public GradientUpdater<FrozenSettings> instantiate(
      Map<String, INDArray> none, boolean initialize) {
    return new Zeros(this);
  }

  @Override
  public double getLearningRate(int iteration, int epoch) {
    return 0;
  }

  @Override
  public boolean hasLearningRate() {
    return false;
  }

  /** Takes none. */
  @Override
  public void setLrAndSchedule(double rate, ISchedule schedule) {}

  @Override
  public FrozenSettings clone() {
    return new FrozenSettings();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FrozenSettings;
  }

  @Override
  public int hashCode() {
    return FrozenSettings.class.hashCode();
  }

  @Override
  public String toString() {
    return "FrozenSettings()";
  }

  private record Zeros(FrozenSettings settings) implements GradientUpdater<FrozenSettings> {

    @Override
    public FrozenSettings getConfig() {
      return settings;
    }

    @Override
    public void setState(Map<String, INDArray> none, boolean initialize) {}

    @Override
    public Map<String, INDArray> getState() {
      return Map.of();
    }

    @Override
    public void setStateViewArray(INDArray none, long[] shape, char order, boolean initialize) {}

    @Override
    public void applyUpdater(INDArray gradient, int iteration, int epoch) {
      gradient.assign(0);
    }
  }
}
