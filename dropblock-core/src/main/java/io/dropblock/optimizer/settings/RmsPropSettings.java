package io.dropblock.optimizer.settings;

import io.dropblock.cpu.UpdateRule;
import java.util.LinkedHashMap;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** {@link io.dropblock.optimizer.RmsProp} for DL4J. */
public final class RmsPropSettings extends OptimizerSettings {
  private static final long serialVersionUID = 1L;
  private static final String MEAN_SQUARE = "mean_square";
  private static final String MOMENTUM = "momentum";

  @JsonProperty private final double decay;
  @JsonProperty private final double momentum;
  @JsonProperty private final double epsilon;

  /**
   * @throws IllegalArgumentException if a number is out of range
   */
  public RmsPropSettings(
      @JsonProperty("decay") double decay,
      @JsonProperty("momentum") double momentum,
      @JsonProperty("epsilon") double epsilon) {
    this.decay = InRange.share("decay of RMSProp", decay);
    this.momentum = InRange.share("momentum", momentum);
    this.epsilon = InRange.epsilon(epsilon);
  }

  @Override
  public Map<String, Double> states() {
    Map<String, Double> states = new LinkedHashMap<>();
    states.put(MEAN_SQUARE, 1.0);
    states.put(MOMENTUM, 0.0);
    return states;
  }

  @Override
  protected void step(INDArray gradient, Map<String, INDArray> states, double rate, int iteration) {
    INDArray square = states.get(MEAN_SQUARE);
    square.muli(decay).addi(gradient.mul(gradient).muli(1 - decay));
    INDArray root = Transforms.sqrt(square.add(epsilon), false);
    INDArray moved = states.get(MOMENTUM);
    moved.muli(momentum).addi(gradient.muli(rate).divi(root));
    gradient.assign(moved);
  }

  @Override
  protected UpdateRule.RmsProp rule(double rate, int iteration) {
    return new UpdateRule.RmsProp(rate, decay, momentum, epsilon);
  }

  @Override
  protected Map<String, Object> values() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("decay", decay);
    values.put("momentum", momentum);
    values.put("epsilon", epsilon);
    return values;
  }

  @Override
  protected RmsPropSettings fresh() {
    return new RmsPropSettings(decay, momentum, epsilon);
  }
}
