package io.dropblock.optimizer;

import io.dropblock.cpu.UpdateRule;
import io.dropblock.optimizer.settings.InRange;
import io.dropblock.optimizer.settings.OptimizerSettings;
import java.util.LinkedHashMap;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** {@link Momentum} for DL4J. */
public final class MomentumSettings extends OptimizerSettings {
  private static final long serialVersionUID = 1L;
  private static final String VELOCITY = "velocity";

  @JsonProperty private final double momentum;
  @JsonProperty private final boolean nesterov;

  /**
   * @throws IllegalArgumentException if the momentum is out of range
   */
  public MomentumSettings(
      @JsonProperty("momentum") double momentum, @JsonProperty("nesterov") boolean nesterov) {
    this.momentum = InRange.share("momentum", momentum);
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
  public Map<String, Double> states() {
    return Map.of(VELOCITY, 0.0);
  }

  @Override
  protected void step(INDArray gradient, Map<String, INDArray> states, double rate, int iteration) {
    INDArray velocity = states.get(VELOCITY);
    velocity.muli(momentum).addi(gradient);
    if (nesterov) {
      gradient.addi(velocity.mul(momentum));
    } else {
      gradient.assign(velocity);
    }
    gradient.muli(rate);
  }

  @Override
  protected UpdateRule.Momentum rule(double rate, int iteration) {
    return new UpdateRule.Momentum(rate, momentum, nesterov);
  }

  @Override
  protected Map<String, Object> values() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("momentum", momentum);
    values.put("nesterov", nesterov);
    return values;
  }

  @Override
  protected MomentumSettings fresh() {
    return new MomentumSettings(momentum, nesterov);
  }
}
